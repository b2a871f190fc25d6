package io.latentlake.report;

import io.latentlake.data.ColumnPlan;
import io.latentlake.data.Condition;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeaturePlan;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a model makes of rows: reconstructions, and samples of its own. */
final class SightSection {
  private static final int COLUMNS = 10;
  private static final int LINES = 4;
  private static final int EXAMPLES = 4;
  private static final int MOST_COLUMNS = 40;

  private SightSection() {}

  /** Whether the rows can be looked at: one column of bytes that make a square. */
  static boolean isOfImages(FeaturePlan plan) {
    return plan.columns().size() == 1
        && plan.columns().get(0) instanceof FeatureColumn column
        && column.kind() == FeatureColumn.Kind.BYTES
        && ImageGrid.canDraw(column.width());
  }

  static Optional<Section> of(TrainedVae model, Optional<RowSample> sample, Generator generator) {
    if (isOfImages(model.features())) {
      return Optional.of(images(model, sample, generator));
    }
    return sample.map(rows -> rows(model.features(), rows, generator));
  }

  private static Section images(TrainedVae model, Optional<RowSample> sample, Generator generator) {
    var section = new Section("sights", "What it sees and what it makes");
    sample.ifPresent(rows -> section.show(reconstructions(model, rows, generator)));
    List<float[][]> made = samples(model.features().condition(), generator);
    if (!made.isEmpty()) {
      section.show(
          Figure.image(
              "Samples",
              ImageGrid.of(made),
              "Made up from latents that were drawn at random. Good: they could be rows of the table, and differ."));
    }
    return section;
  }

  private static Figure reconstructions(TrainedVae model, RowSample sample, Generator generator) {
    float[][] shown = Arrays.copyOf(sample.rows(), Math.min(sample.rows().length, 2 * COLUMNS));
    float[][] made = generator.reconstruct(shown);
    int features = model.features().shape().features();
    var lines = new ArrayList<float[][]>();
    for (int from = 0; from < shown.length; from += COLUMNS) {
      int to = Math.min(shown.length, from + COLUMNS);
      lines.add(
          Arrays.stream(shown, from, to)
              .map(row -> Arrays.copyOf(row, features))
              .toArray(float[][]::new));
      lines.add(Arrays.copyOfRange(made, from, to));
    }
    return Figure.image(
        "Rows and their reconstructions",
        ImageGrid.of(lines),
        "Lines one and three are rows of the table, the line below each what the model makes of them. Good: the same, a little smoother.");
  }

  /** Lines of images; one for each level of a model that is given one class, none of others. */
  private static List<float[][]> samples(Condition condition, Generator generator) {
    if (condition.width() == 0) {
      float[][] all = generator.generate(COLUMNS * LINES, 1);
      return IntStream.range(0, LINES)
          .mapToObj(line -> Arrays.copyOfRange(all, line * COLUMNS, (line + 1) * COLUMNS))
          .toList();
    }
    if (condition.classes().size() == 1 && condition.numbers().isEmpty()) {
      return condition.classes().get(0).levels().stream()
          .map(level -> generator.generate(COLUMNS, 1, condition.of(List.of(level))))
          .toList();
    }
    return List.of();
  }

  private static Section rows(FeaturePlan plan, RowSample sample, Generator generator) {
    float[][] seen = Arrays.copyOf(sample.rows(), Math.min(sample.rows().length, EXAMPLES));
    float[][] expected = generator.reconstruct(seen);
    var heads = new ArrayList<>(List.of(Grid.Cell.of("Column")));
    for (int i = 1; i <= seen.length; i++) {
      heads.add(Grid.Cell.number("row " + i));
      heads.add(Grid.Cell.number("expected"));
    }
    Grid grid = Grid.of(heads);
    int at = 0;
    for (ColumnPlan column : plan.columns().stream().limit(MOST_COLUMNS).toList()) {
      var cells = new ArrayList<Grid.Cell>(List.of(Grid.Cell.of(column.name())));
      for (int i = 0; i < seen.length; i++) {
        cells.add(Grid.Cell.number(Readable.cut(column.text(seen[i], at))));
        cells.add(new Grid.Cell(Readable.cut(column.text(expected[i], at)), "number quiet"));
      }
      grid.add(cells);
      at += column.width();
    }
    return new Section("sights", "What it sees and what it expects")
        .say(
            "Some rows of the table, and what the model expects of each column once it has seen the whole row. Good: numbers come near, categories are the same.")
        .show(grid);
  }
}
