package io.latentlake.cli;

import io.latentlake.data.Addresses;
import io.latentlake.data.FileSystems;
import io.latentlake.data.Format;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ModelReport;
import io.latentlake.report.ScoresReport;
import io.latentlake.report.ScoringRun;
import io.latentlake.report.ShellWords;
import io.latentlake.report.TaskClock;
import io.latentlake.score.RowCounts;
import io.latentlake.score.TableJob;
import io.latentlake.train.History;
import io.latentlake.train.Trainer.NamedTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The reports that a run makes of its own result. The result is there already: whatever goes wrong
 * here is a warning, and the run stays a success.
 */
final class RunReports {
  private final Session session;
  private final boolean verbose;
  private final RunLog log;
  private final PrintWriter err;

  RunReports(Session session, boolean verbose, RunLog log, PrintWriter err) {
    this.session = session;
    this.verbose = verbose;
    this.log = log;
    this.err = err;
  }

  /**
   * Writes the report of a model.
   *
   * @param rows what it was trained on
   * @param named the options of {@code report} that name those
   * @param folder the model's
   */
  void ofTraining(
      TrainedVae model, History history, NamedTable rows, List<String> named, String folder) {
    var again = new ArrayList<>(List.of("latentlake", "report", "--model", folder));
    again.addAll(named);
    attempt(
        () -> {
          byte[] html =
              ModelReport.of(
                  session.spark(),
                  model,
                  Optional.of(history),
                  Optional.of(Reports.sample(model, rows, Optional.empty())),
                  Reports.settings(session));
          FileSystems.replace(new Path(folder, ModelReport.FILE), html, session.hadoop());
          return null;
        },
        again);
  }

  /**
   * Writes what a scoring run knows of itself, and the report of its scores.
   *
   * @param folder the model's
   * @param clock that has watched the run
   * @param output the scores' folder
   */
  void ofScoring(
      TrainedVae model,
      String folder,
      TableJob.Request request,
      TableJob.Result result,
      TaskClock clock,
      String output) {
    Format format = request.layout().format();
    var again =
        new ArrayList<>(List.of("latentlake", "report", "--model", folder, "--scores", output));
    if (format != Format.PARQUET) {
      again.addAll(List.of("--format", format.label()));
    }
    attempt(
        () -> {
          ScoringRun run = run(request, folder, result, clock);
          FileSystems.replace(new Path(output, ScoringRun.FILE), run.json(), session.hadoop());
          Dataset<Row> scores = ScoredTables.open(session.spark(), output, format.label());
          byte[] html =
              Reports.ofScores(
                  model, scores, Optional.of(run), Optional.empty(), Reports.segment(scores));
          FileSystems.replace(new Path(output, ScoresReport.FILE), html, session.hadoop());
          return null;
        },
        again);
  }

  private ScoringRun run(
      TableJob.Request request, String folder, TableJob.Result result, TaskClock clock) {
    var rejected = new LinkedHashMap<String, Long>();
    RowCounts counts = result.counts();
    counts.rejectedByReason().forEach((reason, rows) -> rejected.put(reason.name(), rows));
    return new ScoringRun(
        request.name(),
        folder,
        counts.scored(),
        counts.rejected(),
        rejected,
        result.seconds(),
        clock.time(),
        Reports.settings(session));
  }

  /**
   * Makes a report, or warns.
   *
   * @param again the command that would make it
   */
  void attempt(Callable<Void> report, List<String> again) {
    try {
      report.call();
    } catch (Exception | Error e) {
      // Also what Spark throws without declaring it, memory that is out, and a full disk, which is
      // an Error to Hadoop.
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      warn(e, again);
    }
  }

  private void warn(Throwable e, List<String> again) {
    if (verbose) {
      e.printStackTrace(err);
    }
    String warning =
        Addresses.withoutSecrets(
            "all is there but the report, which could not be made: %s; try \"%s\", or leave it out with --no-report"
                .formatted(Failures.reason(e), ShellWords.joined(again)));
    err.println("latentlake: " + warning);
    err.flush();
    log.warning(warning);
  }
}
