package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.data.OpenedTable;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ModelReport;
import io.latentlake.report.Redaction;
import io.latentlake.report.RowSample;
import io.latentlake.report.ScoresReport;
import io.latentlake.report.ScoringRun;
import io.latentlake.score.Drift;
import io.latentlake.score.ScoreOverview;
import io.latentlake.score.ScoredRows;
import io.latentlake.train.History;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reports: of what data they are made. */
final class Reports {
  /** What labels are called where nobody says. */
  private static final String LABEL = "label";

  private Reports() {}

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

  /** Spark's settings, as a report may show them. */
  static Map<String, String> settings(Session session) {
    return Redaction.settings(session.spark().sparkContext().getConf());
  }

  /** The model that a report is of, whose scores these must be. */
  static TrainedVae model(Session session, String folder, Dataset<Row> scores) {
    TrainedVae model = ModelFolder.read(folder, session.hadoop());
    ScoredRows.requireScoredBy(scores, model, folder);
    return model;
  }
}
