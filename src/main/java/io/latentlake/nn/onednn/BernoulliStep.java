package io.latentlake.nn.onednn;

import org.bytedeco.dnnl.global.dnnl;

/**
 * {@link io.latentlake.nn.BernoulliLikelihood}. With p = sigmoid(l), softplus(l) = max(l, 0) − log
 * max(p, 1 − p): the sum of the logarithms is the logarithm of a product, so a row costs few of
 * them.
 */
final class BernoulliStep extends LikelihoodStep {
  private final VertexOutput probability;
  private final Call sigmoid;

  /** max(l, 0) − x·l. */
  private final float[] linear;

  /** max(p, 1 − p). */
  private final float[] certainty;

  BernoulliStep(Arena arena, VertexOutput logits) {
    super(logits, logits.width());
    probability = new VertexOutput(arena, logits.batch(), logits.width(), false);
    sigmoid =
        Nonlinearity.elementwise(
            arena, dnnl.algorithm.eltwise_logistic, 0, logits.value(), probability.value());
    linear = new float[logits.batch() * logits.width()];
    certainty = new float[linear.length];
  }

  @Override
  void prepare(Pass pass) {
    sigmoid.run(pass.stream());
    probability.fetchValues();
    output().fetchValues();
  }

  @Override
  double row(float[] x, int from, int to) {
    elements(output().heapValues(), mean(), x, linear, certainty, from, to);
    return RowReduction.sum(linear, from, to) - RowReduction.logOfHalves(certainty, from, to);
  }

  private static void elements(
      float[] logits, float[] p, float[] x, float[] linear, float[] certainty, int from, int to) {
    for (int i = from; i < to; i++) {
      float logit = logits[i];
      linear[i] = 0.5f * (logit + Math.abs(logit)) - logit * x[i];
      certainty[i] = 0.5f + Math.abs(p[i] - 0.5f);
    }
  }

  @Override
  float[] mean() {
    return probability.heapValues();
  }

  /** p − x. */
  @Override
  void gradient(float[] x, int to, float scale, float[] gradient) {
    residuals(x, mean(), scale, gradient, to);
  }
}
