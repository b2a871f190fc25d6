package io.latentlake.nn.onednn;

import org.bytedeco.dnnl.global.dnnl;

/** KL(q(z|x) ‖ N(0, I)) of each row; see {@link io.latentlake.nn.StandardNormalKl}. */
final class KlStep implements Step {
  private final VertexOutput posterior;
  private final VertexOutput exponential;
  private final Call exponent;

  KlStep(Arena arena, VertexOutput posterior) {
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
    float[] parameters = posterior.fetchValues();
    float[] variance = exponential.fetchValues();
    int width = posterior.width() / 2;
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
    float[] parameters = posterior.heapValues();
    float[] variance = exponential.heapValues();
    float[] sum = posterior.heapGradients();
    float scale = 1f / pass.rows();
    int width = posterior.width() / 2;
    for (int row = 0; row < pass.rows(); row++) {
      for (int i = 2 * row * width; i < (2 * row + 1) * width; i++) {
        sum[i] += scale * parameters[i];
        sum[i + width] += 0.5f * scale * (variance[i + width] - 1);
      }
    }
  }
}
