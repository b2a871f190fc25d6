package io.latentlake.nn.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;

/**
 * {@link io.latentlake.nn.ContinuousBernoulliLikelihood}. With λ = sigmoid(l), tanh(l/2) = 2λ − 1
 * and softplus(l) = max(l, 0) − log max(λ, 1 − λ), so one sigmoid gives everything, and the sum of
 * the logarithms is the logarithm of a product. Near λ = ½, where l and 2λ − 1 vanish together,
 * Taylor's series in l stand in.
 */
final class ContinuousBernoulliStep extends LikelihoodStep {
  /** Here the first neglected term of either series is below a float's rounding. */
  private static final float NEAR = 0.75f;

  private final VertexOutput lambda;
  private final Call sigmoid;
  private final float[] logits = block();
  private final float[] probability = block();
  private final float[] mean = block();

  /** max(l, 0) − x·l. */
  private final float[] linear = block();

  /** C(λ)·max(λ, 1 − λ). */
  private final float[] density = block();

  ContinuousBernoulliStep(Arena arena, VertexOutput logits) {
    super(logits, logits.width());
    lambda = new VertexOutput(arena, logits.batch(), logits.width(), false);
    sigmoid =
        Nonlinearity.elementwise(
            arena, dnnl.algorithm.eltwise_logistic, 0, logits.value(), lambda.value());
  }

  @Override
  void prepare(stream stream) {
    sigmoid.run(stream);
  }

  @Override
  void load(int firstRow, int rows) {
    output().fetchValues(firstRow, rows, logits);
    lambda.fetchValues(firstRow, rows, probability);
  }

  @Override
  void elements(float[] x, int count) {
    densities(logits, probability, x, linear, density, count);
    means(logits, probability, mean, count);
  }

  /** C = l / (2λ − 1) = 2 + l²/6 − l⁴/360 + l⁶/15120 …. */
  private static void densities(
      float[] logits, float[] p, float[] x, float[] linear, float[] density, int count) {
    for (int i = 0; i < count; i++) {
      float l = logits[i];
      float square = l * l;
      float series = 2 + square * (1 / 6f - square * (1 / 360f - square / 15120));
      float constant = Math.abs(l) < NEAR ? series : l / (2 * p[i] - 1);
      linear[i] = 0.5f * (l + Math.abs(l)) - l * x[i];
      density[i] = constant * (0.5f + Math.abs(p[i] - 0.5f));
    }
  }

  /** λ/(2λ − 1) − 1/l = ½ + l/12 − l³/720 + l⁵/30240 …. */
  private static void means(float[] logits, float[] p, float[] mean, int count) {
    for (int i = 0; i < count; i++) {
      float l = logits[i];
      float square = l * l;
      float series = 0.5f + l * (1 / 12f - square * (1 / 720f - square / 30240));
      mean[i] = Math.abs(l) < NEAR ? series : p[i] / (2 * p[i] - 1) - 1 / l;
    }
  }

  @Override
  double row(int from, int to) {
    return RowReduction.sum(linear, from, to) - RowReduction.log(density, from, to);
  }

  @Override
  double deviance(float[] x, int from, int to) {
    return row(from, to) - RowReduction.entropy(x, from, to);
  }

  @Override
  void deviances(float[] x, int count, float[] deviances) {
    for (int i = 0; i < count; i++) {
      deviances[i] = (float) (linear[i] - Math.log(density[i]) - RowReduction.entropy(x, i, i + 1));
    }
  }

  @Override
  double expectedDeviance(int from, int to) {
    return to - from;
  }

  @Override
  float[] mean() {
    return mean;
  }

  /** E[x|z] − x. */
  @Override
  void gradient(float[] x, int count, float scale, float[] gradient) {
    residuals(x, mean, scale, gradient, count);
  }
}
