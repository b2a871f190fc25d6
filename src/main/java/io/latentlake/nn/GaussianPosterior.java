package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How q(z|x) = N(μ, σ²) lies in one array: μ, then log σ², {@code [batch, 2·latent]}. The gradient
 * with respect to it lies the same way.
 */
public final class GaussianPosterior {
  private GaussianPosterior() {}

  /** μ, {@code [batch, latent]}; a view. */
  public static INDArray mean(INDArray posterior) {
    return posterior.get(all(), interval(0, posterior.size(1) / 2));
  }

  /** log σ², {@code [batch, latent]}; a view. */
  public static INDArray logVariance(INDArray posterior) {
    return posterior.get(all(), interval(posterior.size(1) / 2, posterior.size(1)));
  }
}
