package io.latentlake.data;

import java.util.SplittableRandom;

/**
 * Takes values for the probabilities of ones, as the published likelihoods of dynamically binarized
 * images do (Burda et al., arXiv 1509.00519, section 5.1).
 */
public final class Binarization {
  private Binarization() {}

  /**
   * Puts a draw from Bernoulli(x) in the place of each of so many values from the offset on.
   *
   * @param seed same seed, same draw
   */
  public static void draw(float[] values, int offset, int count, long seed) {
    var random = new SplittableRandom(seed);
    for (int i = offset; i < offset + count; i++) {
      values[i] = random.nextDouble() < values[i] ? 1 : 0;
    }
  }
}
