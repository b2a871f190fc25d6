package io.latentlake.nn.onednn;

import io.latentlake.nn.GaussianLikelihood;
import org.bytedeco.dnnl.stream;

/** {@link GaussianLikelihood}: the variance is fixed. */
final class GaussianStep extends LikelihoodStep {
  private final double variance;
  private final float[] mean = block();

  /** (m − x)², which both −log p and the squared error are made of. */
  private float[] squares;

  GaussianStep(VertexOutput mean, GaussianLikelihood likelihood) {
    super(mean, mean.width());
    this.variance = likelihood.getVariance();
  }

  /** The decoder's output is the mean. */
  @Override
  void prepare(stream stream) {}

  @Override
  void load(int firstRow, int rows) {
    output().fetchValues(firstRow, rows, mean);
  }

  @Override
  void elements(float[] x, int count) {
    squares = super.squares(x, count);
  }

  @Override
  float[] squares(float[] x, int count) {
    return squares;
  }

  @Override
  double row(int from, int to) {
    return scaled(from, to) + 0.5 * (to - from) * Math.log(2 * Math.PI * variance);
  }

  /** ½ Σ (x − m)²/σ². */
  private double scaled(int from, int to) {
    return RowReduction.sum(squares, from, to) / (2 * variance);
  }

  @Override
  double deviance(float[] x, int from, int to) {
    return scaled(from, to);
  }

  @Override
  void deviances(float[] x, int count, float[] deviances) {
    scale(squares, 1 / (2 * variance), count, deviances);
  }

  @Override
  double expectedDeviance(int from, int to) {
    return 0.5 * (to - from);
  }

  @Override
  float[] mean() {
    return mean;
  }

  /** (m − x)/σ². */
  @Override
  void gradient(float[] x, int count, float scale, float[] gradient) {
    residuals(x, mean, (float) (scale / variance), gradient, count);
  }
}
