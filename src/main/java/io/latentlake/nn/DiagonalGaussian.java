package io.latentlake.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Densities of Gaussians with diagonal covariance. */
final class DiagonalGaussian {
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private DiagonalGaussian() {}

  /**
   * log N(z; μ, σ²) = −½ Σ (log 2π + log σ² + (z − μ)²/σ²), nats a row.
   *
   * @param z {@code [batch, latent]}, and so are mean and log-variance
   * @return {@code [batch]}
   */
  static INDArray logDensity(INDArray z, INDArray mean, INDArray logVariance) {
    INDArray residual = z.sub(mean);
    return residual
        .muli(residual)
        .muli(Transforms.exp(logVariance.neg(), false))
        .addi(logVariance)
        .addi(LOG_TWO_PI)
        .sum(1)
        .muli(-0.5);
  }

  /** log N(z; 0, I), nats a row, {@code [batch]}. */
  static INDArray logStandardNormal(INDArray z) {
    return z.mul(z).addi(LOG_TWO_PI).sum(1).muli(-0.5);
  }
}
