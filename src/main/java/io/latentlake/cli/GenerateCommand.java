package io.latentlake.cli;

import io.latentlake.data.Condition;
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
      names = "--class",
      paramLabel = "VALUE",
      description =
          "What the rows are to be of, for a model with a condition: one value for each of its"
              + " classes and numbers, each with --class before it (default, for a single class: a line"
              + " of images of each level).")
  private List<String> values = List.of();

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
      boolean everyLevel = values.isEmpty() && output.isEmpty() && hasLevels(trained);
      List<float[]> conditions = everyLevel ? levels(trained) : List.of(condition(trained));
      float[][] points = points(trained, session, conditions.size());
      if (output.isPresent()) {
        writeTable(trained, conditions.get(0), points, session);
      }
      if (out.isPresent()) {
        BufferedImage picture = draw(trained, conditions, points);
        FileSystems.write(out.get(), Pictures.png(picture), session.hadoop());
        command.commandLine().getOut().printf("The picture is %s%n", out.get());
      }
    }
    return 0;
  }

  private float[] condition(TrainedVae trained) {
    return trained.features().condition().of(values);
  }

  /** Whether the condition is one class. */
  private static boolean hasLevels(TrainedVae trained) {
    Condition condition = trained.features().condition();
    return condition.classes().size() == 1 && condition.numbers().isEmpty();
  }

  private static List<float[]> levels(TrainedVae trained) {
    Condition condition = trained.features().condition();
    return condition.classes().get(0).levels().stream()
        .map(level -> condition.of(List.of(level)))
        .toList();
  }

  /** As many as are asked for, dealt to so many lines that share them. */
  private float[][] points(TrainedVae trained, Session session, int lines) {
    Stream<String> texts =
        Stream.concat(
            latents.stream(),
            latentFile.stream()
                .flatMap(file -> FileSystems.text("--latents", file, session.hadoop()).lines())
                .filter(line -> !line.isBlank()));
    int latent = trained.configuration().model().latent();
    float[][] given = texts.map(line -> Latents.parse(line, latent)).toArray(float[][]::new);
    return given.length > 0 ? given : samples(trained, -Math.floorDiv(-count, lines), seed);
  }

  private void writeTable(TrainedVae trained, float[] condition, float[][] points, Session session)
      throws IOException {
    try (var folder =
        StagedFolder.create(output.get(), overwrite, List.of(model.folder()), session.hadoop())) {
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
      TableJob.Result result =
          new Decoding(session.spark(), trained, condition).run(request, folder);
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
    return draw(model, List.of(new float[0]), samples(model, count, seed));
  }

  /** The images of one condition in a square; those of several in a line each. */
  private static BufferedImage draw(TrainedVae model, List<float[]> conditions, float[][] points) {
    try (var generator = new Generator(model)) {
      if (conditions.size() > 1) {
        return ImageGrid.of(
            conditions.stream().map(condition -> generator.decode(points, condition)).toList());
      }
      int columns = (int) Math.ceil(Math.sqrt(points.length));
      return ImageGrid.wrapped(generator.decode(points, conditions.get(0)), columns);
    }
  }
}
