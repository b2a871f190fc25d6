package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ImageGrid;
import io.latentlake.report.Pictures;
import io.latentlake.score.Generator;
import io.latentlake.spec.InvalidInputException;
import java.awt.image.BufferedImage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "generate",
    description = "Draws images that the model makes from the prior.",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;

  @Option(
      names = "--count",
      defaultValue = "64",
      description = "How many images (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Same seed, same images (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--out", required = true, paramLabel = "FILE.png", description = "The picture.")
  private String out;

  @Override
  public Integer call() {
    try (var session = Session.open("generate", main.verbose)) {
      TrainedVae trained = ModelFolder.read(model.folder(), session.hadoop());
      FileSystems.write(out, Pictures.png(draw(trained, count, seed)), session.hadoop());
      command.commandLine().getOut().printf("The picture is %s%n", out);
    }
    return 0;
  }

  static BufferedImage draw(TrainedVae model, int count, long seed) {
    if (count < 1) {
      throw new InvalidInputException("--count %d: must be at least 1".formatted(count));
    }
    try (var generator = new Generator(model)) {
      int columns = (int) Math.ceil(Math.sqrt(count));
      return ImageGrid.wrapped(generator.generate(count, seed), columns);
    }
  }
}
