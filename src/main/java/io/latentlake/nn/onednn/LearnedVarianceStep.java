package io.latentlake.nn.onednn;

import io.latentlake.nn.LearnedVarianceGaussianLikelihood;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;

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

  private final VertexOutput negated;
  private final VertexOutput decay;
  private final Call sigmoid;

  /** A block of the decoder's output, {@code [blockRows, 2·features]}. */
  private final float[] both;

  private final float[] mean = block();

  /** −r. */
  private final float[] opposite = block();

  /** q. */
  private final float[] q = block();

  private final float[] terms = block();
  private final float[] bounded = block();
  private final float[] meanGradient = block();
  private final float[] varianceGradient = block();

  LearnedVarianceStep(Arena arena, VertexOutput output, int features) {
    super(output, features);
    both = new float[blockRows() * output.width()];
    negated = new VertexOutput(arena, output.batch(), features, false);
    decay = new VertexOutput(arena, output.batch(), features, false);
    sigmoid =
        Nonlinearity.elementwise(
            arena, dnnl.algorithm.eltwise_logistic, 0, negated.value(), decay.value());
  }

  @Override
  void prepare(stream stream) {
    for (int first = 0; first < output().batch(); first += blockRows()) {
      int rows = Math.min(blockRows(), output().batch() - first);
      output().fetchValues(first, rows, both);
      takeHalves(rows, 1, opposite);
      negate(opposite, rows * features());
      negated.storeValues(first, rows, opposite);
    }
    sigmoid.run(stream);
  }

  private static void negate(float[] raw, int count) {
    for (int i = 0; i < count; i++) {
      raw[i] = -(raw[i] + FLOOR);
    }
  }

  /** Copies one half of each row's output. */
  private void takeHalves(int rows, int half, float[] target) {
    int width = features();
    for (int row = 0; row < rows; row++) {
      System.arraycopy(both, (2 * row + half) * width, target, row * width, width);
    }
  }

  @Override
  void load(int firstRow, int rows) {
    output().fetchValues(firstRow, rows, both);
    takeHalves(rows, 0, mean);
    negated.fetchValues(firstRow, rows, opposite);
    decay.fetchValues(firstRow, rows, q);
  }

  @Override
  void elements(float[] x, int count) {
    elements(x, mean, opposite, q, terms, bounded, count);
  }

  /** (x − m)²e^{−s}, and what is missing from −log q where q is no normal float. */
  private static void elements(
      float[] x,
      float[] m,
      float[] opposite,
      float[] q,
      float[] terms,
      float[] bounded,
      int count) {
    for (int i = 0; i < count; i++) {
      float residual = m[i] - x[i];
      float beyond = Math.max(-opposite[i] - LINEAR_FROM, 0);
      terms[i] = residual * (residual * (LARGEST_PRECISION * q[i])) + beyond;
      bounded[i] = Math.max(q[i], SMALLEST);
    }
  }

  @Override
  double row(int from, int to) {
    double variances = -RowReduction.log(bounded, from, to) - FLOOR * (to - from);
    return 0.5 * (RowReduction.sum(terms, from, to) + variances + LOG_TWO_PI * (to - from));
  }

  @Override
  double deviance(float[] x, int from, int to) {
    return 0.5 * RowReduction.sum(terms, from, to);
  }

  @Override
  void deviances(float[] x, int count, float[] deviances) {
    scale(terms, 0.5, count, deviances);
  }

  @Override
  double expectedDeviance(int from, int to) {
    return 0.5 * (to - from);
  }

  @Override
  float[] mean() {
    return mean;
  }

  /** dm = (m − x)e^{−s}; dr = ½(1 − (x − m)²e^{−s})(1 − q). */
  @Override
  void gradient(float[] x, int count, float scale, float[] gradient) {
    elementGradients(x, mean, q, meanGradient, varianceGradient, scale, count);
    int width = features();
    for (int row = 0; row < count / width; row++) {
      System.arraycopy(meanGradient, row * width, gradient, 2 * row * width, width);
      System.arraycopy(varianceGradient, row * width, gradient, (2 * row + 1) * width, width);
    }
  }

  private static void elementGradients(
      float[] x, float[] m, float[] q, float[] dm, float[] dr, float scale, int count) {
    for (int i = 0; i < count; i++) {
      float residual = m[i] - x[i];
      float scaled = residual * (LARGEST_PRECISION * q[i]);
      dm[i] = scaled * scale;
      dr[i] = 0.5f * scale * (1 - residual * scaled) * (1 - q[i]);
    }
  }
}
