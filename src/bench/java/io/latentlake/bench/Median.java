package io.latentlake.bench;

import java.util.List;

/** The middle of some samples. */
final class Median {
  private Median() {}

  /**
   * The middle sample, or the mean of the two in the middle.
   *
   * @param samples at least one
   */
  static double of(List<Double> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("no samples");
    }
    List<Double> sorted = samples.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
