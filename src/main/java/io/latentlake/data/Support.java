package io.latentlake.data;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.LikelihoodSpec.Group;
import io.latentlake.spec.RowShape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which rows have a density under a likelihood: each column in its range, categories whole. A
 * condition behind the features may be any number that can be computed with.
 */
final class Support implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How far from 1 a category's probabilities may sum: they may have been rounded to bytes. */
  private static final double ROUNDING = 0.01;

  /** Columns that are one category's, from ≤ i &lt; to. */
  private record Category(int from, int to) implements Serializable {}

  private final double[] minimum;
  private final double[] maximum;
  private final List<Category> categories = new ArrayList<>();

  /**
   * The support of p(x | z).
   *
   * @throws io.latentlake.spec.InvalidInputException when it isn't one of so many features
   */
  Support(LikelihoodSpec likelihood, RowShape shape) {
    minimum = new double[shape.width()];
    maximum = new double[shape.width()];
    Arrays.fill(minimum, shape.features(), shape.width(), Family.GAUSSIAN.minimum());
    Arrays.fill(maximum, shape.features(), shape.width(), Family.GAUSSIAN.maximum());
    int from = 0;
    for (Group group : likelihood.groups(shape.features())) {
      int to = from + group.width();
      Arrays.fill(minimum, from, to, group.family().minimum());
      Arrays.fill(maximum, from, to, group.family().maximum());
      if (group.family() == Family.CATEGORICAL) {
        categories.add(new Category(from, to));
      }
      from = to;
    }
  }

  /** Whether it holds every row of values in [0, 1]: each likelihood's columns take those. */
  boolean holdsUnitCube() {
    return categories.isEmpty();
  }

  /**
   * Why the row that begins at the offset has no density; empty when it has one.
   *
   * @param gaps where NaN stands for a value that is missing, which nothing is asked of
   */
  Optional<RejectReason> check(float[] features, int offset, boolean[] gaps) {
    for (int i = 0; i < minimum.length; i++) {
      float value = features[offset + i];
      if (Float.isNaN(value)) {
        if (gaps[i]) {
          continue;
        }
        return Optional.of(RejectReason.NOT_A_NUMBER);
      }
      if (Float.isInfinite(value)) {
        return Optional.of(RejectReason.INFINITE_VALUE);
      }
      if (value < minimum[i] || value > maximum[i]) {
        return Optional.of(RejectReason.OUT_OF_RANGE);
      }
    }
    for (Category category : categories) {
      if (!isWhole(category, features, offset)) {
        return Optional.of(RejectReason.OUT_OF_RANGE);
      }
    }
    return Optional.empty();
  }

  private static boolean isWhole(Category category, float[] features, int offset) {
    double sum = 0;
    for (int i = category.from; i < category.to; i++) {
      sum += features[offset + i];
    }
    // Not a number where a value is missing: the others may then be anything.
    return Double.isNaN(sum) || Math.abs(sum - 1) <= ROUNDING;
  }
}
