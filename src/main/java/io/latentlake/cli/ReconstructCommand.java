package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ImageGrid;
import io.latentlake.report.Pictures;
import io.latentlake.score.Generator;
import io.latentlake.train.Trainer.NamedTable;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "reconstruct",
    description = "Draws a table's first images above what the model makes of them.",
    mixinStandardHelpOptions = true)
final class ReconstructCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private TableOptions table;

  @Option(
      names = "--count",
      defaultValue = "16",
      description = "How many images (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(names = "--out", required = true, paramLabel = "FILE.png", description = "The picture.")
  private String out;

  @Override
  public Integer call() {
    try (var session = Session.open("reconstruct", main.verbose)) {
      TrainedVae trained = table.reading(ModelFolder.read(model.folder(), session.hadoop()));
      NamedTable rows = table.open(session.spark(), trained);
      byte[] picture = Pictures.png(draw(trained, List.of(rows), count));
      FileSystems.write(out, picture, session.hadoop());
      command.commandLine().getOut().printf("The picture is %s%n", out);
    }
    return 0;
  }

  /** For each table a line of its first images, and under it a line of their reconstructions. */
  static BufferedImage draw(TrainedVae model, List<NamedTable> tables, int count) {
    var lines = new ArrayList<float[][]>();
    try (var generator = new Generator(model)) {
      for (NamedTable table : tables) {
        float[][] originals = TableImages.first(model, table, count);
        lines.add(features(model, originals));
        lines.add(generator.reconstruct(originals));
      }
    }
    return ImageGrid.of(lines);
  }

  private static float[][] features(TrainedVae model, float[][] rows) {
    int width = model.features().shape().features();
    return Arrays.stream(rows).map(row -> Arrays.copyOf(row, width)).toArray(float[][]::new);
  }
}
