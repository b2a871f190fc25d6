package io.latentlake.cli;

import io.latentlake.data.Format;
import io.latentlake.data.LakeOutput;
import io.latentlake.data.StagedFolder;
import io.latentlake.data.TableOutput;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.OnBadRow;
import io.latentlake.score.ScoringJob;
import io.latentlake.score.TableJob;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description =
          "Where the scores go; rows that can't be scored go to DIR/_rejected. For delta and iceberg"
              + " a table's name, or for delta a path: it is appended to, and those rows go to"
              + " DIR_rejected.")
  private String output;

  @Option(
      names = "--output-format",
      defaultValue = "parquet",
      paramLabel = "FORMAT",
      description = "parquet (default), csv, json, orc, avro, delta or iceberg.")
  private String outputFormat;

  @Mixin private LayoutOptions layout;

  @Option(
      names = "--keep",
      split = ",",
      paramLabel = "COLUMN",
      description = "Columns of the input that go along (default: all but the features; none: '').")
  private List<String> keep;

  @Option(
      names = "--on-bad-row",
      defaultValue = "reject",
      description = "What becomes of a row that can't be scored: reject (default) or fail.")
  private OnBadRow onBadRow;

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

  @Option(names = "--overwrite", description = "Replace an output folder that is there.")
  private boolean overwrite;

  @Option(
      names = "--metrics",
      paramLabel = "FILE",
      description = "Where the run's figures go, as JSON.")
  private Optional<String> metrics;

  @Override
  public Integer call() throws IOException {
    try (var session = Session.open("score", main.verbose)) {
      Format format = Format.named(outputFormat);
      if (format.isLake()) {
        score(session, new LakeOutput(session.spark(), output, format, overwrite));
      } else {
        try (var folder = StagedFolder.create(output, overwrite, session.hadoop())) {
          score(session, folder);
        }
      }
    }
    return 0;
  }

  private void score(Session session, TableOutput to) throws IOException {
    TrainedVae read = table.reading(ModelFolder.read(model.folder(), session.hadoop()));
    TrainedVae trained = precision.map(read::scoringIn).orElse(read);
    NamedTable rows = table.open(session.spark());
    var request =
        new TableJob.Request(
            rows.name(),
            rows.rows(),
            OutputOptions.kept(keep, rows, trained),
            layout.of(Format.named(outputFormat)),
            onBadRow);
    var job =
        reasons
            .map(most -> new ScoringJob(session.spark(), trained, most))
            .orElseGet(() -> new ScoringJob(session.spark(), trained));
    TableJob.Result result = job.run(request, to);
    OutputOptions.report(
        "Scored", result, output, to.rejected(output), command.commandLine().getOut());
    metrics.ifPresent(file -> Metrics.of(result).write(file, session.hadoop()));
  }
}
