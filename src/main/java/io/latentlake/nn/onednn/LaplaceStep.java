package io.latentlake.nn.onednn;

import io.latentlake.nn.LaplaceLikelihood;
import org.bytedeco.dnnl.stream;

/** {@link LaplaceLikelihood}: the scale is fixed. */
final class LaplaceStep extends LikelihoodStep {
  private final double scale;
  private final float[] location = block();

  /** |m − x|. */
  private final float[] distances = block();

  LaplaceStep(VertexOutput location, LaplaceLikelihood likelihood) {
    super(location, location.width());
    this.scale = likelihood.getScale();
  }

  /** The decoder's output is the location. */
  @Override
  void prepare(stream stream) {}

  @Override
  void load(int firstRow, int rows) {
    output().fetchValues(firstRow, rows, location);
  }

  @Override
  void elements(float[] x, int count) {
    distances(x, location, distances, count);
  }

  private static void distances(float[] x, float[] location, float[] distances, int count) {
    for (int i = 0; i < count; i++) {
      distances[i] = Math.abs(location[i] - x[i]);
    }
  }

  @Override
  double row(int from, int to) {
    return RowReduction.sum(distances, from, to) / scale + (to - from) * Math.log(2 * scale);
  }

  @Override
  double deviance(float[] x, int from, int to) {
    return RowReduction.sum(distances, from, to) / scale;
  }

  @Override
  void deviances(float[] x, int count, float[] deviances) {
    scale(distances, 1 / scale, count, deviances);
  }

  @Override
  double expectedDeviance(int from, int to) {
    return to - from;
  }

  @Override
  float[] mean() {
    return location;
  }

  /** sign(m − x)/b. */
  @Override
  void gradient(float[] x, int count, float weight, float[] gradient) {
    signs(x, location, (float) (weight / scale), gradient, count);
  }

  private static void signs(
      float[] x, float[] location, float weight, float[] gradient, int count) {
    for (int i = 0; i < count; i++) {
      gradient[i] = Math.signum(location[i] - x[i]) * weight;
    }
  }
}
