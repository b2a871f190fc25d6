package io.latentlake.nn.onednn;

import org.bytedeco.dnnl.global.dnnl;

/**
 * Brings q(z|x) = N(μ, σ²) to the heap, where sampling and penalty both read it: once for the two.
 * Rows lie as {@link io.latentlake.nn.GaussianPosterior} says: μ, then log σ².
 */
final class PosteriorStep implements Step {
  private final VertexOutput posterior;
  private final VertexOutput exponential;
  private final Call exponent;

  PosteriorStep(Arena arena, VertexOutput posterior) {
    this.posterior = posterior;
    this.exponential = new VertexOutput(arena, posterior.batch(), posterior.width(), false);
    this.exponent =
        Nonlinearity.elementwise(
            arena, dnnl.algorithm.eltwise_exp, 0, posterior.value(), exponential.value());
    posterior.sumGradientsOnHeap();
  }

  @Override
  public void forward(Pass pass) {
    exponent.run(pass.stream());
    posterior.fetchValues();
    exponential.fetchValues();
  }

  /** Its readers have added their gradients up. */
  @Override
  public void backward(Pass pass) {}

  /** Dimension of z. */
  int latent() {
    return posterior.width() / 2;
  }

  /** μ and log σ², {@code [batch, 2·latent]}. */
  float[] parameters() {
    return posterior.heapValues();
  }

  /** σ² where log σ² is among the {@link #parameters()}; what stands for μ means nothing. */
  float[] variance() {
    return exponential.heapValues();
  }

  /** The gradient's sum, for readers to add to. */
  float[] gradient() {
    return posterior.heapGradients();
  }
}
