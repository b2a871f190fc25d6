package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ImageGrid;
import io.latentlake.report.Pictures;
import io.latentlake.score.Generator;
import io.latentlake.score.LatentPath;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "interpolate",
    description = "Draws what lies between two rows of a table, in the latent space.",
    mixinStandardHelpOptions = true)
final class InterpolateCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private TableOptions table;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "N",
      description = "The row to begin with, counted from 0.")
  private int from;

  @Option(names = "--to", required = true, paramLabel = "N", description = "The row to end with.")
  private int to;

  @Option(
      names = "--steps",
      defaultValue = "12",
      description = "Images, both ends among them (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--path",
      defaultValue = "spherical",
      description = "linear or spherical (default: ${DEFAULT-VALUE}).")
  private LatentPath path;

  @Option(names = "--out", required = true, paramLabel = "FILE.png", description = "The picture.")
  private String out;

  @Override
  public Integer call() {
    if (steps < 2) {
      throw new InvalidInputException(
          "--steps %d: must be at least 2, the two ends".formatted(steps));
    }
    try (var session = Session.open("interpolate", main.verbose)) {
      TrainedVae trained = table.reading(ModelFolder.read(model.folder(), session.hadoop()));
      trained.requireNoCondition("interpolate");
      NamedTable rows = table.open(session.spark(), trained);
      float[][] ends = {
        TableImages.row(trained, rows, "--from", from), TableImages.row(trained, rows, "--to", to)
      };
      try (var generator = new Generator(trained)) {
        float[][] latents = generator.encode(ends);
        float[][] images = generator.decode(path.points(latents[0], latents[1], steps));
        byte[] picture = Pictures.png(ImageGrid.wrapped(images, steps));
        FileSystems.write(out, picture, session.hadoop());
      }
      command.commandLine().getOut().printf("The picture is %s%n", out);
    }
    return 0;
  }
}
