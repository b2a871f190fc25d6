package io.latentlake.train;

import io.latentlake.spec.InvalidInputException;
import java.util.List;

/**
 * What a Gaussian q(z|x) makes of its latent dimensions when training is over.
 *
 * @param activeUnits dimensions whose mean varies over the rows by more than {@value
 *     #ACTIVE_VARIANCE} (Burda, Grosse and Salakhutdinov, arXiv 1509.00519, section 5.3)
 * @param kl of each dimension, nats, mean over the rows
 * @param meanVariance of each dimension's mean, over the rows
 * @param mutualInformation of x and z, nats, from below: it can't be seen to be more than {@code
 *     mutualInformationCeiling}
 * @param mutualInformationCeiling the logarithm of the number of rows that it was measured on
 */
public record LatentUse(
    int activeUnits,
    List<Double> kl,
    List<Double> meanVariance,
    double mutualInformation,
    double mutualInformationCeiling) {
  static final double ACTIVE_VARIANCE = 0.01;

  public LatentUse {
    kl = List.copyOf(kl);
    meanVariance = List.copyOf(meanVariance);
    if (kl.size() != meanVariance.size()) {
      throw new InvalidInputException(
          "latent: the KL of %d dimensions, and the variance of %d"
              .formatted(kl.size(), meanVariance.size()));
    }
  }

  /** Whether a dimension is one of the active. */
  public boolean isActive(int dimension) {
    return meanVariance.get(dimension) > ACTIVE_VARIANCE;
  }

  /** How many dimensions there are. */
  public int dimensions() {
    return kl.size();
  }

  /**
   * Whether fewer than half of the dimensions are used: the posterior has collapsed in the rest.
   */
  public boolean isCollapsed() {
    return 2 * activeUnits < dimensions();
  }
}
