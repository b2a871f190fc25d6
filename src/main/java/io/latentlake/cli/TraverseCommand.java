package io.latentlake.cli;

import io.latentlake.data.FileSystems;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.report.ImageGrid;
import io.latentlake.report.Pictures;
import io.latentlake.score.Generator;
import io.latentlake.score.LatentStatistics;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "traverse",
    description = "Draws what each latent dimension does: a line for each, from -3 to 3.",
    mixinStandardHelpOptions = true)
final class TraverseCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;

  /** How far a dimension is followed: three standard deviations of the prior. */
  private static final float REACH = 3;

  @ArgGroup(exclusive = false, multiplicity = "0..1")
  private TableOptions table;

  @Option(
      names = "--row",
      paramLabel = "N",
      description =
          "The row to go out from, counted from 0 (default: the origin, the prior's mean).")
  private Optional<Integer> row;

  @Option(
      names = "--steps",
      defaultValue = "13",
      description = "Images a dimension (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(names = "--out", required = true, paramLabel = "FILE.png", description = "The picture.")
  private String out;

  @Override
  public Integer call() {
    if (steps < 2) {
      throw new InvalidInputException(
          "--steps %d: must be at least 2, from %s to %s".formatted(steps, -REACH, REACH));
    }
    if (row.isPresent() && table == null) {
      throw new InvalidInputException(
          "--row %d: of which table? Give --input too".formatted(row.get()));
    }
    try (var session = Session.open("traverse", main.verbose)) {
      TrainedVae read = ModelFolder.read(model.folder(), session.hadoop());
      read.requireNoCondition("traverse");
      TrainedVae trained = table == null ? read : table.reading(read);
      int latent = trained.configuration().model().latent();
      int[] order = IntStream.range(0, latent).toArray();
      float[] start = new float[latent];
      if (table != null) {
        NamedTable rows = table.open(session.spark(), trained);
        start = row.map(index -> encoded(trained, rows, index)).orElse(start);
        LatentStatistics latents =
            LatentStatistics.of(session.context(), trained, rows.rows(), rows.name());
        order = latents.byDivergence();
        print(latents, order, command.commandLine().getOut());
      }
      byte[] picture = Pictures.png(ImageGrid.of(lines(trained, start, order)));
      FileSystems.write(out, picture, session.hadoop());
      command.commandLine().getOut().printf("The picture is %s%n", out);
    }
    return 0;
  }

  private static float[] encoded(TrainedVae trained, NamedTable rows, int index) {
    try (var generator = new Generator(trained)) {
      return generator.encode(new float[][] {TableImages.row(trained, rows, "--row", index)})[0];
    }
  }

  private static void print(LatentStatistics latents, int[] order, PrintWriter out) {
    out.println("line  dimension  KL (nats)  from      to");
    for (int line = 0; line < order.length; line++) {
      int dimension = order[line];
      out.printf(
          Locale.ROOT,
          "%4d  %9d  %9.3f  %6.2f  %6.2f%n",
          line + 1,
          dimension,
          latents.divergence()[dimension],
          latents.minimum()[dimension],
          latents.maximum()[dimension]);
    }
    out.flush();
  }

  private List<float[][]> lines(TrainedVae trained, float[] start, int[] order) {
    var lines = new ArrayList<float[][]>();
    try (var generator = new Generator(trained)) {
      for (int dimension : order) {
        var points = new float[steps][];
        for (int i = 0; i < steps; i++) {
          points[i] = start.clone();
          points[i][dimension] = -REACH + 2 * REACH * i / (steps - 1);
        }
        lines.add(generator.decode(points));
      }
    }
    return lines;
  }
}
