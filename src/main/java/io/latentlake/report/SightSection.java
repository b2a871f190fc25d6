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

  /** Of a class: a line of samples each. */
  static final int MOST_LEVELS = 20;

  private static final String NO_ROW =
      "None of the rows of the table that was looked at can be used, so there are none to show. 'latentlake score' says why of each: its _rejected has the reason.";

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
    return sample.map(
        rows ->
            rows.isEmpty()
                ? new Section("sights", "What it sees and what it expects").say(NO_ROW)
                : rows(model.features(), rows, generator));
  }

  private static Section images(TrainedVae model, Optional<RowSample> sample, Generator generator) {
    var section = new Section("sights", "What it sees and what it makes");
    sample.ifPresent(
        rows -> {
          if (rows.isEmpty()) {
            section.say(NO_ROW);
          } else {
            section.show(reconstructions(model, rows, generator));
          }
        });
    Condition condition = model.features().condition();
    List<float[][]> made = samples(condition, generator);
    if (!made.isEmpty()) {
      section.show(
          Figure.image(
              "Samples",
              ImageGrid.of(made),
              "Made up from latents that were drawn at random. Good: they could be rows of the table, and differ."));
    }
    int levels = levels(condition).size();
    return levels <= MOST_LEVELS
        ? section
        : section.say(
            "Samples are of the first %d levels; there are %s."
                .formatted(MOST_LEVELS, Readable.count(levels)));
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

  /** The levels of the class that a model is given alone; none of another model. */
  private static List<String> levels(Condition condition) {
    boolean single = condition.classes().size() == 1 && condition.numbers().isEmpty();
    return single ? condition.classes().get(0).levels() : List.of();
  }

  /** Those that samples are drawn of: a thousand lines of images are for nobody to look at. */
  static List<String> drawn(Condition condition) {
    return levels(condition).stream().limit(MOST_LEVELS).toList();
  }

  /** Lines of images; one for each level of a model that is given one class, none of others. */
  private static List<float[][]> samples(Condition condition, Generator generator) {
    if (condition.width() == 0) {
      float[][] all = generator.generate(COLUMNS * LINES, 1);
      return IntStream.range(0, LINES)
          .mapToObj(line -> Arrays.copyOfRange(all, line * COLUMNS, (line + 1) * COLUMNS))
          .toList();
    }
    return drawn(condition).stream()
        .map(level -> generator.generate(COLUMNS, 1, condition.of(List.of(level))))
        .toList();
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
    var section =
        new Section("sights", "What it sees and what it expects")
            .say(
                "Some rows of the table, and what the model expects of each column once it has seen the whole row. Good: numbers come near, categories are the same.")
            .show(grid);
    int more = plan.columns().size() - MOST_COLUMNS;
    return more <= 0
        ? section
        : section.say(
            "The first %d columns; there are %s more."
                .formatted(MOST_COLUMNS, Readable.count(more)));
  }
}
