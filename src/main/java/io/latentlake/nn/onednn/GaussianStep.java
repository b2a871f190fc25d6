package io.latentlake.nn.onednn;

import io.latentlake.nn.GaussianLikelihood;

/** {@link GaussianLikelihood}: the variance is fixed. */
final class GaussianStep extends LikelihoodStep {
  private final double variance;
  private final float[] squares;

  GaussianStep(VertexOutput mean, GaussianLikelihood likelihood) {
    super(mean, mean.width());
    this.variance = likelihood.getVariance();
    this.squares = new float[mean.batch() * mean.width()];
  }

  @Override
  void prepare(Pass pass) {
    output().fetchValues();
  }

  @Override
  double row(float[] x, int from, int to) {
    squareResiduals(x, mean(), squares, from, to);
    return RowReduction.sum(squares, from, to) / (2 * variance)
        + 0.5 * (to - from) * Math.log(2 * Math.PI * variance);
  }

  @Override
  float[] mean() {
    return output().heapValues();
  }

  /** (m − x)/σ². */
  @Override
  void gradient(float[] x, int to, float scale, float[] gradient) {
    residuals(x, mean(), (float) (scale / variance), gradient, to);
  }
}
