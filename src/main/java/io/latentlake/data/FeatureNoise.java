package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.io.Serializable;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Gaussian noise on features, clipped to the values that have a density under the likelihood.
 *
 * @param deviation standard deviation, in units of the features
 * @param minimum the smallest value that may result
 * @param maximum the largest
 */
public record FeatureNoise(double deviation, double minimum, double maximum)
    implements Serializable {

  /**
   * Noise that leaves features within what a likelihood can score.
   *
   * @throws InvalidInputException when that isn't a range, as for categories
   */
  public static FeatureNoise within(LikelihoodSpec likelihood, double deviation) {
    boolean range =
        likelihood.family() != Family.MIXED && likelihood.family() != Family.CATEGORICAL;
    if (deviation > 0 && !range) {
      throw new InvalidInputException(
          "noise of %s under a %s likelihood: categories can't be noisy numbers; use 0"
              .formatted(deviation, likelihood.family().name().toLowerCase(Locale.ROOT)));
    }
    return new FeatureNoise(
        deviation, likelihood.family().minimum(), likelihood.family().maximum());
  }

  /**
   * Adds the noise.
   *
   * @param seed same seed, same noise
   * @param values the features from {@code offset} on, so many of them
   */
  public void add(long seed, float[] values, int offset, int count) {
    var random = new SplittableRandom(seed);
    for (int i = offset; i < offset + count; i++) {
      double noisy = values[i] + deviation * random.nextGaussian();
      values[i] = (float) Math.max(minimum, Math.min(maximum, noisy));
    }
  }
}
