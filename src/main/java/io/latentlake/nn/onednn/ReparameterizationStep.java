package io.latentlake.nn.onednn;

import io.latentlake.nn.Noise;

/** z = μ + σ⊙ε, or z = μ in a scoring pass; see {@link io.latentlake.nn.Reparameterization}. */
final class ReparameterizationStep implements Step {
  private final PosteriorStep posterior;
  private final VertexOutput latent;

  /** ε, then σ⊙ε, {@code [batch, latent]}. */
  private final float[] deviation;

  ReparameterizationStep(PosteriorStep posterior, VertexOutput latent) {
    this.posterior = posterior;
    this.latent = latent;
    this.deviation = new float[latent.batch() * latent.width()];
  }

  @Override
  public void forward(Pass pass) {
    float[] parameters = posterior.parameters();
    float[] z = latent.heapValues();
    int width = latent.width();
    for (int row = 0; row < latent.batch(); row++) {
      System.arraycopy(parameters, 2 * row * width, z, row * width, width);
    }
    if (pass.kind() != Pass.Kind.SCORE) {
      addDeviation(pass, z);
    }
    latent.storeValues();
  }

  private void addDeviation(Pass pass, float[] z) {
    float[] variance = posterior.variance();
    int width = latent.width();
    Noise.standardNormal(pass.noiseSeed(), deviation, pass.rows() * width);
    for (int row = 0; row < pass.rows(); row++) {
      for (int i = 0; i < width; i++) {
        int at = row * width + i;
        deviation[at] *= (float) Math.sqrt(variance[2 * row * width + width + i]);
        z[at] += deviation[at];
      }
    }
  }

  /** dμ += dz; d log σ² += dz ⊙ σε / 2. */
  @Override
  public void backward(Pass pass) {
    float[] gradient = latent.fetchGradients();
    float[] sum = posterior.gradient();
    int width = latent.width();
    for (int row = 0; row < pass.rows(); row++) {
      for (int i = 0; i < width; i++) {
        int at = row * width + i;
        int mean = 2 * row * width + i;
        sum[mean] += gradient[at];
        sum[mean + width] += 0.5f * gradient[at] * deviation[at];
      }
    }
  }
}
