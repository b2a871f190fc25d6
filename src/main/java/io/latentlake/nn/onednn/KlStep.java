package io.latentlake.nn.onednn;

/** KL(q(z|x) ‖ N(0, I)) of each row; see {@link io.latentlake.nn.StandardNormalKl}. */
final class KlStep implements Step {
  private final PosteriorStep posterior;

  KlStep(PosteriorStep posterior) {
    this.posterior = posterior;
  }

  @Override
  public void forward(Pass pass) {
    float[] parameters = posterior.parameters();
    float[] variance = posterior.variance();
    int width = posterior.latent();
    for (int row = 0; row < pass.rows(); row++) {
      double sum = 0;
      for (int i = 2 * row * width; i < (2 * row + 1) * width; i++) {
        float mean = parameters[i];
        sum += variance[i + width] + (double) mean * mean - parameters[i + width] - 1;
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
    float scale = 1f / pass.rows();
    int width = posterior.latent();
    for (int row = 0; row < pass.rows(); row++) {
      for (int i = 2 * row * width; i < (2 * row + 1) * width; i++) {
        sum[i] += scale * parameters[i];
        sum[i + width] += 0.5f * scale * (variance[i + width] - 1);
      }
    }
  }
}
