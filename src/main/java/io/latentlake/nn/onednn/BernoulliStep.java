package io.latentlake.nn.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;

/**
 * {@link io.latentlake.nn.BernoulliLikelihood}. With p = sigmoid(l), softplus(l) = max(l, 0) − log
 * max(p, 1 − p): the sum of the logarithms is the logarithm of a product, so a row costs few of
 * them.
 */
final class BernoulliStep extends LikelihoodStep {
  private final VertexOutput probability;
  private final Call sigmoid;
  private final float[] logits = block();
  private final float[] mean = block();

  /** max(l, 0) − x·l. */
  private final float[] linear = block();

  /** max(p, 1 − p). */
  private final float[] certainty = block();

  BernoulliStep(Arena arena, VertexOutput logits) {
    super(logits, logits.width());
    probability = new VertexOutput(arena, logits.batch(), logits.width(), false);
    sigmoid =
        Nonlinearity.elementwise(
            arena, dnnl.algorithm.eltwise_logistic, 0, logits.value(), probability.value());
  }

  @Override
  void prepare(stream stream) {
    sigmoid.run(stream);
  }

  @Override
  void load(int firstRow, int rows) {
    output().fetchValues(firstRow, rows, logits);
    probability.fetchValues(firstRow, rows, mean);
  }

  @Override
  void elements(float[] x, int count) {
    elements(logits, mean, x, linear, certainty, count);
  }

  private static void elements(
      float[] logits, float[] p, float[] x, float[] linear, float[] certainty, int count) {
    for (int i = 0; i < count; i++) {
      float logit = logits[i];
      linear[i] = 0.5f * (logit + Math.abs(logit)) - logit * x[i];
      certainty[i] = 0.5f + Math.abs(p[i] - 0.5f);
    }
  }

  @Override
  double row(int from, int to) {
    return RowReduction.sum(linear, from, to) - RowReduction.logOfHalves(certainty, from, to);
  }

  @Override
  double deviance(float[] x, int from, int to) {
    return row(from, to) - RowReduction.entropy(x, from, to);
  }

  @Override
  void deviances(float[] x, int count, float[] deviances) {
    for (int i = 0; i < count; i++) {
      deviances[i] =
          (float) (linear[i] - Math.log(certainty[i]) - RowReduction.entropy(x, i, i + 1));
    }
  }

  /** The entropy of p: max(l, 0) − p·l − log max(p, 1 − p). */
  @Override
  double expectedDeviance(int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.max(logits[i], 0) - mean[i] * logits[i];
    }
    return sum - RowReduction.logOfHalves(certainty, from, to);
  }

  @Override
  float[] mean() {
    return mean;
  }

  /** p − x. */
  @Override
  void gradient(float[] x, int count, float scale, float[] gradient) {
    residuals(x, mean, scale, gradient, count);
  }
}
