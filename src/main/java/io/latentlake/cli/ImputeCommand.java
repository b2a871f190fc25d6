package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ImageGrid;
import io.latentlake.report.Pictures;
import io.latentlake.score.Hidden;
import io.latentlake.score.Imputation;
import io.latentlake.score.Imputer;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "impute",
    description =
        "Fills a table's gaps with what the model expects there, given the rest of the row.",
    mixinStandardHelpOptions = true)
final class ImputeCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private TableOptions table;
  @Mixin private OutputOptions output;
  @Mixin private LayoutOptions layout;

  /** What a hidden pixel looks like. */
  private static final float HOLE = 0.3f;

  @Option(
      names = "--mask",
      paramLabel = "top|bottom|left|right",
      description = "Hide this half of each image, and measure how well it is filled in.")
  private Optional<Hidden> mask;

  @Option(
      names = "--mask-column",
      paramLabel = "COLUMN",
      description =
          "A column as wide as the features (binary, array or vector) that is not 0 where one is"
              + " missing (default: what is NaN or null is missing).")
  private Optional<String> maskColumn;

  @Option(
      names = "--rounds",
      defaultValue = "50",
      description =
          "How often latents and missing features take turns (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--out",
      paramLabel = "FILE.png",
      description = "With --mask, a picture of the first images: whole, hidden and filled in.")
  private Optional<String> picture;

  @Override
  public Integer call() throws IOException {
    requirePicturable();
    var settings = new Imputation.Settings(mask, maskColumn, rounds);
    try (var session = Session.open("impute", main.verbose);
        var to = output.open(session, table, model, layout.format())) {
      picture.ifPresent(file -> FileSystems.requireWritable(file, session.hadoop()));
      TrainedVae trained = table.reading(ModelFolder.read(model.folder(), session.hadoop()));
      trained.requireNoCondition("impute");
      NamedTable rows = table.open(session.spark(), trained);
      PrintWriter out = command.commandLine().getOut();
      Optional<BufferedImage> drawn = picture.map(file -> draw(trained, rows));
      Imputation.Result result =
          new Imputation(session.spark(), trained, settings)
              .run(output.request(rows, trained, layout, out), to);
      drawn.ifPresent(
          image -> FileSystems.write(picture.get(), Pictures.png(image), session.hadoop()));
      output.report("Imputed", result.job(), to, out);
      print(result, out);
      Metrics.of(result.job(), table.read(rows.version()))
          .with("filled_values", result.filled())
          .with(result.errors())
          .report(main.log, output.metrics, session.hadoop());
    }
    return 0;
  }

  private void requirePicturable() {
    if (picture.isPresent() && mask.isEmpty()) {
      throw new InvalidInputException(
          "--out %s: draws what --mask hides; give --mask too, or leave it out"
              .formatted(picture.get()));
    }
  }

  private static void print(Imputation.Result result, PrintWriter out) {
    out.printf(Locale.ROOT, "%,d values filled in%n", result.filled());
    result
        .errors()
        .ifPresent(
            errors ->
                out.printf(
                    Locale.ROOT,
                    "Mean squared error of a hidden value: %.5f, and %.5f by its column's mean (%.2f"
                        + " times more)%n",
                    errors.imputed(),
                    errors.columnMean(),
                    errors.columnMean() / errors.imputed()));
    out.flush();
  }

  private BufferedImage draw(TrainedVae trained, NamedTable rows) {
    float[][] images = TableImages.first(trained, rows, 16);
    int width = trained.features().width();
    boolean[] hidden = mask.orElseThrow().pixels(width);
    try (var imputer = new Imputer(trained, rounds)) {
      int shown = Math.min(images.length, imputer.capacity());
      var x = new float[imputer.capacity() * width];
      var missing = new boolean[x.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = i / width < shown ? images[i / width][i % width] : 0;
        missing[i] = hidden[i % width];
      }
      float[] expected = imputer.expected(x, missing);
      var holes = new float[shown][width];
      var filled = new float[shown][width];
      for (int i = 0; i < shown * width; i++) {
        holes[i / width][i % width] = missing[i] ? HOLE : x[i];
        filled[i / width][i % width] = missing[i] ? expected[i] : x[i];
      }
      return ImageGrid.of(List.of(Arrays.copyOf(images, shown), holes, filled));
    }
  }
}
