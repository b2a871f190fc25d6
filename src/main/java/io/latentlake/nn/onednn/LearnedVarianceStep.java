package io.latentlake.nn.onednn;

import io.latentlake.nn.LearnedVarianceGaussianLikelihood;
import org.bytedeco.dnnl.global.dnnl;

/**
 * {@link LearnedVarianceGaussianLikelihood}. With r the raw log-variance over its floor and q =
 * sigmoid(−r): softplus(r) = −log q, e^{−softplus(r)} = q and softplus′(r) = 1 − q, so one sigmoid
 * gives everything; and the sum of the logarithms is the logarithm of a product.
 */
final class LearnedVarianceStep extends LikelihoodStep {
  private static final float FLOOR = (float) LearnedVarianceGaussianLikelihood.FLOOR;
  private static final float LARGEST_PRECISION = (float) Math.exp(FLOOR);
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  /** Below it a float is subnormal; softplus is linear long before. */
  private static final float SMALLEST = Float.MIN_NORMAL;

  private static final float LINEAR_FROM = (float) -Math.log(SMALLEST);

  private final float[] mean;
  private final VertexOutput negated;
  private final VertexOutput decay;
  private final Call sigmoid;
  private final float[] terms;
  private final float[] bounded;
  private final float[] meanGradient;
  private final float[] varianceGradient;

  LearnedVarianceStep(Arena arena, VertexOutput output, int features) {
    super(output, features);
    int size = output.batch() * features;
    mean = new float[size];
    terms = new float[size];
    bounded = new float[size];
    meanGradient = new float[size];
    varianceGradient = new float[size];
    negated = new VertexOutput(arena, output.batch(), features, false);
    decay = new VertexOutput(arena, output.batch(), features, false);
    sigmoid =
        Nonlinearity.elementwise(
            arena, dnnl.algorithm.eltwise_logistic, 0, negated.value(), decay.value());
  }

  @Override
  void prepare(Pass pass) {
    float[] both = output().fetchValues();
    float[] raw = negated.heapValues();
    int width = features();
    for (int row = 0; row < output().batch(); row++) {
      System.arraycopy(both, 2 * row * width, mean, row * width, width);
      System.arraycopy(both, (2 * row + 1) * width, raw, row * width, width);
    }
    negate(raw);
    negated.storeValues();
    sigmoid.run(pass.stream());
    decay.fetchValues();
  }

  private static void negate(float[] raw) {
    for (int i = 0; i < raw.length; i++) {
      raw[i] = -(raw[i] + FLOOR);
    }
  }

  @Override
  double row(float[] x, int from, int to) {
    elements(x, mean, negated.heapValues(), decay.heapValues(), terms, bounded, from, to);
    double variances = -RowReduction.log(bounded, from, to) - FLOOR * (to - from);
    return 0.5 * (RowReduction.sum(terms, from, to) + variances + LOG_TWO_PI * (to - from));
  }

  /** (x − m)²e^{−s}, and what is missing from −log q where q is no normal float. */
  private static void elements(
      float[] x,
      float[] m,
      float[] negated,
      float[] q,
      float[] terms,
      float[] bounded,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      float residual = m[i] - x[i];
      float beyond = Math.max(-negated[i] - LINEAR_FROM, 0);
      terms[i] = residual * (residual * (LARGEST_PRECISION * q[i])) + beyond;
      bounded[i] = Math.max(q[i], SMALLEST);
    }
  }

  @Override
  float[] mean() {
    return mean;
  }

  /** dm = (m − x)e^{−s}; dr = ½(1 − (x − m)²e^{−s})(1 − q). */
  @Override
  void gradient(float[] x, int to, float scale, float[] gradient) {
    elementGradients(x, mean, decay.heapValues(), meanGradient, varianceGradient, scale, to);
    int width = features();
    for (int row = 0; row < to / width; row++) {
      System.arraycopy(meanGradient, row * width, gradient, 2 * row * width, width);
      System.arraycopy(varianceGradient, row * width, gradient, (2 * row + 1) * width, width);
    }
  }

  private static void elementGradients(
      float[] x, float[] m, float[] q, float[] dm, float[] dr, float scale, int to) {
    for (int i = 0; i < to; i++) {
      float residual = m[i] - x[i];
      float scaled = residual * (LARGEST_PRECISION * q[i]);
      dm[i] = scaled * scale;
      dr[i] = 0.5f * scale * (1 - residual * scaled) * (1 - q[i]);
    }
  }
}
