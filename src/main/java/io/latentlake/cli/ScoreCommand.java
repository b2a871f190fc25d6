package io.latentlake.cli;

import io.latentlake.data.BatchOutputs;
import io.latentlake.data.Format;
import io.latentlake.data.TableOutput;
import io.latentlake.data.TableStream;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.SegmentThresholds;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.TaskClock;
import io.latentlake.score.Checkpoint;
import io.latentlake.score.IncrementalJob;
import io.latentlake.score.ScoringJob;
import io.latentlake.score.TableJob;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQueryException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "score",
    description = "Scores a table: anomaly scores and a latent embedding for every row.",
    mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private TableOptions table;

  @Mixin private OutputOptions output;
  @Mixin private LayoutOptions layout;

  @Option(
      names = "--reasons",
      paramLabel = "N",
      description =
          "How many reasons a row gets: the columns that its deviance comes from, with the values seen"
              + " and expected (default: 3 for tables of several columns, 0 for images and vectors).")
  private Optional<Integer> reasons;

  @Option(
      names = "--precision",
      paramLabel = "float32|bfloat16",
      description = "Of the matrix products (default: the model's).")
  private Optional<ScoreSpec.Precision> precision;

  @Mixin private ReportOptions reporting;

  @ArgGroup(exclusive = false)
  private IncrementalOptions incremental;

  @Override
  public Integer call() throws Exception {
    output.requireBudget();
    try (var session = Session.open("score", main.verbose);
        var hanging = new HangingTasks(session.spark().sparkContext(), this::warn)) {
      Metrics.requirePlace(output.metrics, session.hadoop());
      if (incremental == null) {
        scoreAll(session);
      } else {
        scoreNew(session);
      }
    }
    return 0;
  }

  private void warn(String message) {
    PrintWriter err = command.commandLine().getErr();
    err.println("latentlake: " + message);
    err.flush();
    main.log.warning(message);
  }

  private void scoreAll(Session session) throws IOException {
    try (TableOutput to = output.open(session, table, model, layout.format());
        var clock = new TaskClock(session.spark().sparkContext())) {
      TrainedVae trained = model(session);
      NamedTable rows = table.open(session.spark(), trained);
      TableJob.Request request = request(rows, trained);
      TableJob.Result result = job(session, trained).run(request, to);
      report(result, rows.version(), to.rejected(output.output), session);
      if (reporting.wanted() && !layout.format().isLake()) {
        new RunReports(session, main.verbose, main.log, command.commandLine().getErr())
            .ofScoring(trained, model.folder(), request, result, clock, output.output);
      }
    }
  }

  private void scoreNew(Session session) throws StreamingQueryException, TimeoutException {
    if (output.overwrite) {
      throw new InvalidInputException(
          "--overwrite: doesn't go with --incremental, which adds to what is there; leave one out");
    }
    table.requireStream();
    OptionalInt maxFiles = incremental.maxFiles();
    Format format = layout.format();
    TrainedVae trained = model(session);
    NamedTable rows = table.openGrowing(session.spark(), trained);
    TableJob.Request request = request(rows, trained);
    var job = new IncrementalJob(session.spark(), job(session, trained));
    job.requireFit(request);
    Checkpoint checkpoint = incremental.checkpoint(session, table, output.output, format, trained);
    BatchOutputs to =
        IncrementalOptions.outputs(session, output.output, format, request.keep(), checkpoint);
    Dataset<Row> stream = table.stream(session.spark(), rows, maxFiles);
    IncrementalJob.Result result = job.run(request, stream, checkpoint, to);
    PrintWriter out = command.commandLine().getOut();
    if (result.batches() == 0) {
      out.printf("Nothing new in %s%n", table.input);
    } else {
      out.printf(Locale.ROOT, "Batches: %,d%n", result.batches());
    }
    // Nothing new: what is there now was read before.
    Optional<String> version = result.end().flatMap(TableStream::version).or(rows::version);
    report(result.rows(), version, to.rejected(output.output), session);
  }

  private TrainedVae model(Session session) {
    TrainedVae read = table.reading(ModelFolder.read(model.folder(), session.hadoop()));
    return precision.map(read::scoringIn).orElse(read);
  }

  private ScoringJob job(Session session, TrainedVae trained) {
    return reasons
        .map(most -> new ScoringJob(session.spark(), trained, most))
        .orElseGet(() -> new ScoringJob(session.spark(), trained));
  }

  private TableJob.Request request(NamedTable rows, TrainedVae trained) {
    List<String> kept = withSegments(output.kept(rows, trained), rows, trained);
    return output.request(rows, kept, layout, command.commandLine().getOut());
  }

  /** A flag that a segment's threshold gave is nothing without the segment. */
  private static List<String> withSegments(List<String> kept, NamedTable rows, TrainedVae trained) {
    Stream<String> segments =
        trained.requireCalibration().segments().map(SegmentThresholds::column).stream()
            .filter(List.of(rows.rows().columns())::contains);
    return Stream.concat(kept.stream(), segments).distinct().toList();
  }

  private void report(
      TableJob.Result result, Optional<String> version, String rejected, Session session) {
    PrintWriter out = command.commandLine().getOut();
    OutputOptions.report("Scored", result, output.output, rejected, out);
    Metrics figures = Metrics.of(result, table.read(version));
    ScoringJob.rowsOfUnknownSegments(result)
        .ifPresent(
            rows -> {
              out.printf(
                  Locale.ROOT,
                  "Rows of segments without a threshold of their own, which had the model's: %,d%n",
                  rows);
              figures.with("rows_of_unknown_segments", rows);
            });
    figures.report(main.log, output.metrics, session.hadoop());
  }
}
