package io.latentlake.train;

import java.util.List;
import java.util.SplittableRandom;

/**
 * I(x; z) = E[log q(z|x) − log q(z)], with q(z) the mean of some rows' posteriors and one z drawn
 * for each of them (Hoffman and Johnson, "ELBO surgery", 2016). In nats; never more than the
 * logarithm of how many rows there are.
 */
final class MutualInformation {
  private final List<float[]> posteriors;

  /**
   * An estimate.
   *
   * @param posteriors μ, then log σ², {@code [rows][2·latent]}
   */
  MutualInformation(List<float[]> posteriors) {
    this.posteriors = posteriors;
  }

  double estimate(long seed) {
    var random = new SplittableRandom(seed);
    double sum = 0;
    for (float[] own : posteriors) {
      var z = new double[own.length / 2];
      for (int i = 0; i < z.length; i++) {
        z[i] = own[i] + Math.exp(0.5 * own[i + z.length]) * random.nextGaussian();
      }
      sum += logDensity(z, own) - logMeanDensity(z);
    }
    return sum / posteriors.size();
  }

  private double logMeanDensity(double[] z) {
    var each = posteriors.stream().mapToDouble(posterior -> logDensity(z, posterior)).toArray();
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : each) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (double value : each) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum / each.length);
  }

  /** log N(z; μ, σ²), up to a constant that the difference doesn't see. */
  private static double logDensity(double[] z, float[] posterior) {
    double sum = 0;
    for (int i = 0; i < z.length; i++) {
      double residual = z[i] - posterior[i];
      double logVariance = posterior[i + z.length];
      sum -= 0.5 * (logVariance + residual * residual * Math.exp(-logVariance));
    }
    return sum;
  }
}
