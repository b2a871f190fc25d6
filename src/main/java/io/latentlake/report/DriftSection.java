package io.latentlake.report;

import io.latentlake.score.Drift;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How far a scored table has moved from the training rows. */
final class DriftSection {
  private DriftSection() {}

  /** What custom makes of an index. */
  static String verdict(double index) {
    if (Double.isNaN(index)) {
      return "unknown";
    }
    if (index < Drift.SHIFT) {
      return "steady";
    }
    return index <= Drift.LARGE_SHIFT ? "a shift" : "a large shift";
  }

  /**
   * The section.
   *
   * @param score index of the raw scores
   * @param drift all else, where it was computed
   */
  static Section of(double score, Optional<Drift> drift) {
    Grid grid = Grid.of("What", "#Stability index", "Verdict");
    add(grid, "raw score", score);
    drift.ifPresent(
        known -> {
          var columns = new LinkedHashMap<>(known.features());
          for (int i = 0; i < known.latents().size(); i++) {
            columns.put("latent dimension " + i, known.latents().get(i));
          }
          List<Map.Entry<String, Double>> sorted = new ArrayList<>(columns.entrySet());
          sorted.sort(Map.Entry.<String, Double>comparingByValue().reversed());
          sorted.forEach(entry -> add(grid, entry.getKey(), entry.getValue()));
        });
    var section =
        new Section("drift", "Drift")
            .say(
                "How far this table has moved from the training rows: below %s is steady, more than %s a large shift, after which the model should be trained anew."
                    .formatted(Drift.SHIFT, Drift.LARGE_SHIFT))
            .show(grid);
    return drift.filter(known -> !known.features().isEmpty()).isPresent()
        ? section
        : section.advise(
            "The columns were not compared, which takes a pass over the table that was scored:",
            "latentlake report --model DIR --scores DIR --input TABLE");
  }

  private static void add(Grid grid, String name, double index) {
    String verdict = verdict(index);
    grid.add(
        List.of(
            Grid.Cell.of(name),
            Grid.Cell.number(Readable.aligned(index)),
            // What is no number can't be said to be steady.
            new Grid.Cell(verdict, index <= Drift.LARGE_SHIFT ? "" : "alarm")));
  }
}
