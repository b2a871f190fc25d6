package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.data.Format;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ImageGrid;
import io.latentlake.report.Pictures;
import io.latentlake.score.Decoding;
import io.latentlake.score.Generator;
import io.latentlake.score.OnBadRow;
import io.latentlake.score.ScoreColumns;
import io.latentlake.score.TableJob;
import io.latentlake.spec.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "generate",
    description = "Makes rows from samples of the prior, or from latents of your choice.",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;

  /** The column of the latents in the table. */
  private static final String Z = "z";

  @Option(
      names = "--count",
      defaultValue = "64",
      description = "How many rows (default: ${DEFAULT-VALUE}); not with --latent.")
  private int count;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Same seed, same rows (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--latent",
      paramLabel = "Z,Z,…",
      description = "A latent to decode, its numbers with commas between; may be given again.")
  private List<String> latents = List.of();

  @Option(names = "--latents", paramLabel = "FILE", description = "More of them, one a line.")
  private Optional<String> latentFile;

  @Option(names = "--out", paramLabel = "FILE.png", description = "A picture of the rows.")
  private Optional<String> out;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "A table of the rows and their latents, as Parquet.")
  private Optional<String> output;

  @Option(names = "--overwrite", description = "Replace an output folder that is there.")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    if (out.isEmpty() && output.isEmpty()) {
      throw new InvalidInputException(
          "neither --out nor --output is given; name a picture, a table or both");
    }
    try (var session = Session.open("generate", main.verbose)) {
      TrainedVae trained = ModelFolder.read(model.folder(), session.hadoop());
      float[][] points = points(trained, session);
      if (output.isPresent()) {
        writeTable(trained, points, session);
      }
      if (out.isPresent()) {
        FileSystems.write(out.get(), Pictures.png(draw(trained, points)), session.hadoop());
        command.commandLine().getOut().printf("The picture is %s%n", out.get());
      }
    }
    return 0;
  }

  private float[][] points(TrainedVae trained, Session session) {
    Stream<String> lines =
        Stream.concat(
            latents.stream(),
            latentFile.stream()
                .flatMap(file -> FileSystems.text("--latents", file, session.hadoop()).lines())
                .filter(line -> !line.isBlank()));
    int latent = trained.configuration().model().latent();
    float[][] given = lines.map(line -> Latents.parse(line, latent)).toArray(float[][]::new);
    return given.length > 0 ? given : samples(trained, count, seed);
  }

  private void writeTable(TrainedVae trained, float[][] points, Session session)
      throws IOException {
    try (var folder = StagedFolder.create(output.get(), overwrite, session.hadoop())) {
      List<Row> rows = Stream.of(points).map(z -> RowFactory.create((Object) z)).toList();
      var schema =
          new StructType()
              .add(
                  ScoreColumns.LATENT,
                  DataTypes.createArrayType(DataTypes.FloatType, false),
                  false);
      Dataset<Row> table =
          session
              .spark()
              .createDataFrame(session.context().parallelize(rows), schema)
              .withColumn(Z, functions.col(ScoreColumns.LATENT));
      var request =
          new TableJob.Request("--latent", table, List.of(Z), Format.PARQUET, OnBadRow.FAIL);
      TableJob.Result result = new Decoding(session.spark(), trained).run(request, folder);
      folder.commit();
      OutputOptions.report("Generated", result, output.get(), command.commandLine().getOut());
    }
  }

  private static float[][] samples(TrainedVae model, int count, long seed) {
    if (count < 1) {
      throw new InvalidInputException("--count %d: must be at least 1".formatted(count));
    }
    try (var generator = new Generator(model)) {
      return generator.sample(count, seed);
    }
  }

  /** Images from samples of the prior. */
  static BufferedImage draw(TrainedVae model, int count, long seed) {
    return draw(model, samples(model, count, seed));
  }

  private static BufferedImage draw(TrainedVae model, float[][] points) {
    try (var generator = new Generator(model)) {
      int columns = (int) Math.ceil(Math.sqrt(points.length));
      return ImageGrid.wrapped(generator.decode(points), columns);
    }
  }
}
