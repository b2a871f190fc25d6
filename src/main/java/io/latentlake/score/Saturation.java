package io.latentlake.score;

import io.latentlake.data.RowEncoder;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Group;
import java.util.Arrays;
import java.util.List;

/**
 * −log p of rows under a saturated model, whose decoder gives each row itself as its mean: what no
 * model of that likelihood can go below, nats.
 *
 * <p>For values in [0, 1] that is their entropy. A continuous Bernoulli's density grows without
 * bound towards 0 and 1, and its normalizing constant is left out; so is a learned variance, which
 * is the decoder's to choose.
 */
final class Saturation {
  private static final int BYTE_LEVELS = 256;
  private static final double[] BYTE_ENTROPY = new double[BYTE_LEVELS];

  static {
    for (int level = 0; level < BYTE_LEVELS; level++) {
      BYTE_ENTROPY[level] = entropy(level * RowEncoder.BYTE_STEP);
    }
  }

  private final List<Group> groups;
  private final double constant;

  Saturation(LikelihoodSpec likelihood, int features) {
    groups = likelihood.groups(features);
    constant =
        groups.stream()
            .mapToDouble(group -> group.width() * constant(likelihood.forGroup(group)))
            .sum();
  }

  /** What a feature that is met exactly costs, where that doesn't depend on its value. */
  private static double constant(LikelihoodSpec likelihood) {
    return switch (likelihood.family()) {
      case GAUSSIAN -> 0.5 * Math.log(2 * Math.PI * likelihood.variance());
      case LAPLACE -> Math.log(2 * likelihood.scale());
      default -> 0;
    };
  }

  /** Of the row that begins at the offset; missing values cost nothing. */
  double of(float[] x, int offset) {
    double sum = constant;
    int from = offset;
    for (Group group : groups) {
      int to = from + group.width();
      sum +=
          switch (group.family()) {
            case BERNOULLI, CONTINUOUS_BERNOULLI -> bernoulli(x, from, to);
            case CATEGORICAL -> categorical(x, from, to);
            default -> 0;
          };
      from = to;
    }
    return sum;
  }

  private static double bernoulli(float[] x, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      float value = x[i];
      if (value > 0 && value < 1) {
        int level = Math.round(value * (BYTE_LEVELS - 1));
        // Pixels are bytes: looked up, the logarithms cost nothing.
        sum += level * RowEncoder.BYTE_STEP == value ? BYTE_ENTROPY[level] : entropy(value);
      }
    }
    return sum;
  }

  /** −p log p − (1 − p) log(1 − p). */
  private static double entropy(double p) {
    return p > 0 && p < 1 ? -p * Math.log(p) - (1 - p) * Math.log1p(-p) : 0;
  }

  /** −Σ p log p; 0 for one-hot. */
  private static double categorical(float[] x, int from, int to) {
    return Arrays.stream(toDoubles(x, from, to))
        .filter(p -> p > 0 && p < 1)
        .map(p -> -p * Math.log(p))
        .sum();
  }

  private static double[] toDoubles(float[] x, int from, int to) {
    var values = new double[to - from];
    for (int i = from; i < to; i++) {
      values[i - from] = x[i];
    }
    return values;
  }
}
