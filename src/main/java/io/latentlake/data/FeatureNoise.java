package io.latentlake.data;

import io.latentlake.spec.LikelihoodSpec;
import java.io.Serializable;
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

  /** Noise that leaves features within what a likelihood can score. */
  public static FeatureNoise within(LikelihoodSpec likelihood, double deviation) {
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
