package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.data.Format;
import io.latentlake.data.OpenedTable;
import io.latentlake.data.TableReader;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ModelReport;
import io.latentlake.report.RowSample;
import io.latentlake.report.ScoresReport;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code latentlake report}. */
@Command(
    name = "report",
    description =
        "Makes the report of a model anew, or with --scores that of a scored table: one HTML file.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;

  @Option(
      names = "--scores",
      paramLabel = "DIR",
      description = "The scored table: a folder, or a name in a lake.")
  private Optional<String> scores;

  @Option(
      names = "--format",
      defaultValue = "parquet",
      paramLabel = "FORMAT",
      description = "Its format (default: parquet).")
  private String format;

  @Option(
      names = "--segment-by",
      paramLabel = "COLUMN",
      description =
          "Count the anomalies by a column of the scores (default: what makes its folders).")
  private Optional<String> segmentBy;

  @Option(
      names = "--input",
      paramLabel = "SPEC",
      description =
          "Of a model: a table to show it at work on, such as that which it was trained on (default: that, if it is"
              + " a bundled set). Of scores: the table that was scored, whose columns are compared with"
              + " the training rows'.")
  private Optional<String> input;

  @Mixin private ComparedInput compared;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description =
          "A column of --input that colours the map of latents (default: label, if there is one).")
  private Optional<String> label;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The report (default: report.html in the model's folder, _report.html in the scores').")
  private Optional<String> out;

  @Override
  public Integer call() throws IOException {
    requireUsed();
    compared.requireOf(input);
    String file = out.orElseGet(this::usualPlace);
    try (var session = Session.open("report", main.verbose)) {
      byte[] html = scores.isPresent() ? ofScores(session, scores.get()) : ofModel(session);
      FileSystems.replace(new Path(file), html, session.hadoop());
      command.commandLine().getOut().printf("The report is %s%n", file);
    }
    return 0;
  }

  /** What would have no effect is a mistake. */
  private void requireUsed() {
    if (scores.isEmpty() && segmentBy.isPresent()) {
      throw new InvalidInputException(
          "--segment-by %s: counts the anomalies of scores, but there are none without --scores DIR"
              .formatted(segmentBy.get()));
    }
    if (scores.isPresent() && label.isPresent()) {
      throw new InvalidInputException(
          "--label %s: colours a model's map of latents, which a report of --scores doesn't have; leave one out"
              .formatted(label.get()));
    }
  }

  private String usualPlace() {
    if (scores.isEmpty()) {
      return model.folder() + "/" + ModelReport.FILE;
    }
    Format written = Format.named(format);
    if (written.isLake() || written == Format.TABLE) {
      throw new InvalidInputException(
          "--scores %s: a table of %s has no place for a report; name one with --out"
              .formatted(scores.get(), written.label()));
    }
    return scores.get() + "/" + ScoresReport.FILE;
  }

  private byte[] ofModel(Session session) throws IOException {
    TrainedVae trained = ModelFolder.read(model.folder(), session.hadoop());
    Optional<String> shown =
        input.or(() -> Optional.of(trained.provenance().input()).filter(TableReader::isBundled));
    if (shown.isEmpty() && label.isPresent()) {
      throw new InvalidInputException(
          "--label %s: colours the map of latents, but there is none without --input TABLE"
              .formatted(label.get()));
    }
    Optional<RowSample> sample =
        shown.map(name -> Reports.sample(trained, open(session, trained, name), label));
    return Reports.ofModel(session, trained, model.folder(), sample);
  }

  private byte[] ofScores(Session session, String name) {
    Dataset<Row> scored = ScoredTables.open(session.spark(), name, format);
    TrainedVae trained = Reports.model(session, model.folder(), scored);
    return Reports.ofScores(
        trained,
        scored,
        Reports.run(name, session),
        Optional.of(compared.drift(session, trained, scored, input)),
        segmentBy.or(() -> Reports.segment(scored)));
  }

  private NamedTable open(Session session, TrainedVae trained, String name) {
    OpenedTable table = compared.open(session, trained, name);
    return new NamedTable(table.name(), table.rows());
  }
}
