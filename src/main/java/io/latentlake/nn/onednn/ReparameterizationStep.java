package io.latentlake.nn.onednn;

import io.latentlake.nn.Noise;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** z = μ + σ⊙ε, or z = μ in a scoring pass; see {@link io.latentlake.nn.Reparameterization}. */
final class ReparameterizationStep implements Step {
  private final VertexOutput posterior;
  private final VertexOutput latent;
  private final VertexOutput exponential;
  private final Call exponent;

  /** ε, then σ⊙ε, {@code [batch, latent]}. */
  private final float[] deviation;

  ReparameterizationStep(Arena arena, VertexOutput posterior, VertexOutput latent) {
    this.posterior = posterior;
    this.latent = latent;
    this.deviation = new float[latent.batch() * latent.width()];
    this.exponential = new VertexOutput(arena, posterior.batch(), posterior.width(), false);
    memory result = exponential.value();
    this.exponent =
        Nonlinearity.elementwise(arena, dnnl.algorithm.eltwise_exp, 0, posterior.value(), result);
    posterior.sumGradientsOnHeap();
  }

  @Override
  public void forward(Pass pass) {
    float[] parameters = posterior.fetchValues();
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
    exponent.run(pass.stream());
    float[] variance = exponential.fetchValues();
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
    float[] sum = posterior.heapGradients();
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
