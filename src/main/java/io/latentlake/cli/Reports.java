package io.latentlake.cli;

import io.latentlake.data.Addresses;
import io.latentlake.data.FileSystems;
import io.latentlake.data.Format;
import io.latentlake.data.OpenedTable;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ModelReport;
import io.latentlake.report.Redaction;
import io.latentlake.report.RowSample;
import io.latentlake.report.ScoresReport;
import io.latentlake.report.ScoringRun;
import io.latentlake.report.TaskTime;
import io.latentlake.score.Drift;
import io.latentlake.score.RowCounts;
import io.latentlake.score.ScoreOverview;
import io.latentlake.score.ScoredRows;
import io.latentlake.score.TableJob;
import io.latentlake.train.History;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reports: of what data they are made, and where they go. */
final class Reports {
  /** What labels are called where nobody says. */
  private static final String LABEL = "label";

  private Reports() {}

  /**
   * Writes the report of a model that was just trained. The model is there already: what goes wrong
   * is said, and the training stays a success.
   */
  static void ofTraining(
      Session session, TrainedVae model, History history, NamedTable table, String folder) {
    try {
      byte[] html =
          ModelReport.of(
              session.spark(),
              model,
              Optional.of(history),
              Optional.of(sample(model, table, Optional.empty())),
              settings(session));
      FileSystems.replace(new Path(folder, ModelReport.FILE), html, session.hadoop());
    } catch (RuntimeException e) {
      warn(e, "latentlake report --model %s --input %s".formatted(folder, table.name()));
    }
  }

  /** The same of a table that was just scored. */
  static void ofScoring(
      Session session, TrainedVae model, ScoringRun run, String folder, Format format) {
    try {
      FileSystems.replace(new Path(folder, ScoringRun.FILE), run.json(), session.hadoop());
      Dataset<Row> scores = ScoredTables.open(session.spark(), folder, format.label());
      byte[] html = ofScores(model, scores, Optional.of(run), Optional.empty(), segment(scores));
      FileSystems.replace(new Path(folder, ScoresReport.FILE), html, session.hadoop());
    } catch (RuntimeException e) {
      warn(e, "latentlake report --model %s --scores %s".formatted(run.model(), folder));
    }
  }

  private static void warn(RuntimeException e, String command) {
    System.err.printf(
        "latentlake: all is there but the report, which could not be made: %s; try '%s', or leave it out with --no-report%n",
        Addresses.withoutSecrets(String.valueOf(e.getMessage())),
        Addresses.withoutSecrets(command));
  }

  /** The report of a model in a folder. */
  static byte[] ofModel(
      Session session, TrainedVae model, String folder, Optional<RowSample> sample)
      throws IOException {
    var path = new Path(folder);
    Optional<History> history = History.read(FileSystems.of(path, session.hadoop()), path);
    return ModelReport.of(session.spark(), model, history, sample, Map.of());
  }

  /** The report of a scored table. */
  static byte[] ofScores(
      TrainedVae model,
      Dataset<Row> scores,
      Optional<ScoringRun> run,
      Optional<Drift> drift,
      Optional<String> segmentBy) {
    ScoreOverview overview = ScoreOverview.of(scores, segmentBy, ScoresReport.TOP);
    return ScoresReport.of(model, overview, run, drift, segmentBy);
  }

  /** What the run that made a folder of scores left about itself. */
  static Optional<ScoringRun> run(String folder, Session session) {
    var file = new Path(folder, ScoringRun.FILE);
    return FileSystems.textIfThere(file, session.hadoop())
        .map(json -> ScoringRun.read(json, file.toString()));
  }

  /** Rows to show; labelled by a column, or by the one of that name if there is any. */
  static RowSample sample(TrainedVae model, NamedTable table, Optional<String> label) {
    List<String> columns = Arrays.asList(table.rows().columns());
    Optional<String> usual =
        Optional.of(LABEL)
            .filter(columns::contains)
            .filter(name -> !model.features().inputs().contains(name));
    return RowSample.of(model, table.rows(), label.or(() -> usual), table.name());
  }

  /** The column that makes a table's outermost folders. */
  static Optional<String> segment(Dataset<Row> scores) {
    return OpenedTable.partitionedBy(scores).stream().findFirst();
  }

  /** What is known of a run that has ended. */
  static ScoringRun run(
      Session session,
      TableJob.Request request,
      String model,
      TableJob.Result result,
      TaskTime time) {
    var rejected = new LinkedHashMap<String, Long>();
    RowCounts counts = result.counts();
    counts.rejectedByReason().forEach((reason, rows) -> rejected.put(reason.name(), rows));
    return new ScoringRun(
        request.name(),
        model,
        counts.scored(),
        counts.rejected(),
        rejected,
        result.seconds(),
        time,
        settings(session));
  }

  private static Map<String, String> settings(Session session) {
    return Redaction.settings(session.spark().sparkContext().getConf());
  }

  /** The model that a report is of, whose scores these must be. */
  static TrainedVae model(Session session, String folder, Dataset<Row> scores) {
    TrainedVae model = ModelFolder.read(folder, session.hadoop());
    ScoredRows.requireScoredBy(scores, model, folder);
    return model;
  }
}
