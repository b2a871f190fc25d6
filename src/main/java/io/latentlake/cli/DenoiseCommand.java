package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ImageGrid;
import io.latentlake.report.Pictures;
import io.latentlake.score.Denoising;
import io.latentlake.score.Generator;
import io.latentlake.train.Trainer.NamedTable;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
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
    name = "denoise",
    description = "Takes the noise out of a table: writes what the model makes of each row.",
    mixinStandardHelpOptions = true)
final class DenoiseCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private TableOptions table;
  @Mixin private OutputOptions output;
  @Mixin private LayoutOptions layout;

  @Option(
      names = "--noise",
      defaultValue = "0",
      paramLabel = "SIGMA",
      description =
          "Standard deviation of Gaussian noise that is added first, to measure how well it is taken"
              + " away (default: none).")
  private double noise;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Same seed, same noise (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "FILE.png",
      description = "A picture of the first images: with noise, and without it below.")
  private Optional<String> picture;

  @Override
  public Integer call() throws IOException {
    try (var session = Session.open("denoise", main.verbose);
        var to = output.open(session, table, model, layout.format())) {
      picture.ifPresent(file -> FileSystems.requireWritable(file, session.hadoop()));
      TrainedVae trained = table.reading(ModelFolder.read(model.folder(), session.hadoop()));
      trained.requireNoCondition("denoise");
      NamedTable rows = table.open(session.spark(), trained);
      PrintWriter out = command.commandLine().getOut();
      var denoising = new Denoising(session.spark(), trained, noise, seed);
      Optional<BufferedImage> drawn = picture.map(file -> draw(trained, rows));
      Denoising.Result result = denoising.run(output.request(rows, trained, layout, out), to);
      drawn.ifPresent(
          image -> FileSystems.write(picture.get(), Pictures.png(image), session.hadoop()));
      output.report("Denoised", result.job(), to, out);
      result.errors().ifPresent(errors -> print(errors, out));
      Metrics.of(result.job(), table.read(rows.version()))
          .with(result.errors())
          .report(main.log, output.metrics, session.hadoop());
    }
    return 0;
  }

  private static void print(Denoising.Errors errors, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "Mean squared error to the clean rows: %.5f with noise, %.5f denoised (%.2f times less)%n",
        errors.noisy(),
        errors.denoised(),
        errors.noisy() / errors.denoised());
    out.flush();
  }

  private BufferedImage draw(TrainedVae trained, NamedTable rows) {
    float[][] images = TableImages.first(trained, rows, 16);
    var noisy = new float[images.length][];
    for (int i = 0; i < images.length; i++) {
      noisy[i] = Denoising.noisy(trained, noise, seed, images[i]);
    }
    try (var generator = new Generator(trained)) {
      List<float[][]> lines = new ArrayList<>();
      if (noise > 0) {
        lines.add(images);
      }
      lines.add(noisy);
      lines.add(generator.reconstruct(noisy));
      return ImageGrid.of(lines);
    }
  }
}
