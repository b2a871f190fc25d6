package io.latentlake.nn.onednn;

import io.latentlake.spec.PenaltySpec;
import java.util.Arrays;

/**
 * KL(q(z|x) ‖ N(0, I)) of each row; see {@link io.latentlake.nn.StandardNormalKl}, and {@link
 * io.latentlake.nn.PenaltyWeight} for what its gradient is multiplied by.
 */
final class KlStep implements Step {
  private final PosteriorStep posterior;
  private final PenaltySpec spec;
  private final double freeBits;

  /** The batch's sum of the KL by latent dimension; where there are free bits. */
  private final double[] byDimension;

  /**
   * A penalty.
   *
   * @param spec what it is weighed by
   * @param freeBits nats that a latent dimension may cost
   */
  KlStep(PosteriorStep posterior, PenaltySpec spec, double freeBits) {
    this.posterior = posterior;
    this.spec = spec;
    this.freeBits = freeBits;
    this.byDimension = new double[posterior.latent()];
  }

  @Override
  public void forward(Pass pass) {
    float[] parameters = posterior.parameters();
    float[] variance = posterior.variance();
    int width = posterior.latent();
    Arrays.fill(byDimension, 0);
    for (int row = 0; row < pass.rows(); row++) {
      double sum = 0;
      for (int i = 0; i < width; i++) {
        int at = 2 * row * width + i;
        float mean = parameters[at];
        double kl = variance[at + width] + (double) mean * mean - parameters[at + width] - 1;
        byDimension[i] += 0.5 * kl;
        sum += kl;
      }
      pass.kl()[row] = (float) (0.5 * sum);
    }
  }

  /** dμ += μ; d log σ² += (σ² − 1)/2. */
  @Override
  public void backward(Pass pass) {
    float[] parameters = posterior.parameters();
    float[] variance = posterior.variance();
    float[] sum = posterior.gradient();
    double kl = pass.sum(pass.kl()) / pass.rows();
    float scale = (float) (spec.factor(pass.iteration(), kl) / pass.rows());
    int width = posterior.latent();
    for (int i = 0; i < width; i++) {
      if (byDimension[i] < freeBits * pass.rows()) {
        continue;
      }
      for (int at = i; at < 2 * pass.rows() * width; at += 2 * width) {
        sum[at] += scale * parameters[at];
        sum[at + width] += 0.5f * scale * (variance[at + width] - 1);
      }
    }
  }
}
