package io.latentlake.nn.onednn;

import io.latentlake.nn.TrainingStep;
import org.bytedeco.dnnl.stream;

/** One batch on its way through the steps: what they need to know, and the terms they leave. */
final class Pass {
  /** What a pass is for. */
  enum Kind {
    /** z sampled, and the gradient follows. */
    TRAIN,
    /** z sampled. */
    LOSS,
    /** z = μ, and squared errors wanted. */
    SCORE
  }

  private final stream stream;
  private final float[] reconstruction;
  private final float[] squared;
  private final float[] deviance;
  private final float[] expectedDeviance;
  private final float[] kl;
  private Kind kind;
  private float[] x;
  private float[] means;
  private float[] featureDeviance;
  private int rows;
  private long noiseSeed;
  private int iteration;

  /** A pass, used again for every batch. */
  Pass(stream stream, int batch) {
    this.stream = stream;
    this.reconstruction = new float[batch];
    this.squared = new float[batch];
    this.deviance = new float[batch];
    this.expectedDeviance = new float[batch];
    this.kl = new float[batch];
  }

  /**
   * Begins a batch.
   *
   * @param x what the likelihood is measured at, {@code [batch, features]}
   * @param rows the first so many rows count
   * @param step what it depends on beside them
   */
  void begin(Kind kind, float[] x, int rows, TrainingStep step) {
    this.kind = kind;
    this.x = x;
    this.rows = rows;
    this.noiseSeed = step.noiseSeed();
    this.iteration = step.iteration();
    this.means = null;
    this.featureDeviance = null;
  }

  /**
   * Has each feature's part of this batch's deviances written.
   *
   * @param target {@code [batch, features]}
   */
  void keepFeatureDeviance(float[] target) {
    featureDeviance = target;
  }

  /** Where that is to be written; null where nobody wants it. */
  float[] featureDeviance() {
    return featureDeviance;
  }

  /**
   * Has this batch's reconstructions written.
   *
   * @param target {@code [batch, features]}
   */
  void keepMeans(float[] target) {
    means = target;
  }

  /** Where E[x|z] is to be written, {@code [batch, features]}; null where nobody wants it. */
  float[] means() {
    return means;
  }

  stream stream() {
    return stream;
  }

  float[] x() {
    return x;
  }

  /** Numbers a staged row. */
  int width() {
    return x.length / reconstruction.length;
  }

  Kind kind() {
    return kind;
  }

  int rows() {
    return rows;
  }

  long noiseSeed() {
    return noiseSeed;
  }

  /** Training steps taken before this one. */
  int iteration() {
    return iteration;
  }

  /** −log p(x|z) of each row, nats. */
  float[] reconstruction() {
    return reconstruction;
  }

  /** Σ(x − x̂)² of each row; in a {@link Kind#SCORE} pass. */
  float[] squared() {
    return squared;
  }

  /** What −log p(x|z) of each row is above that of a saturated model; as {@link #squared}. */
  float[] deviance() {
    return deviance;
  }

  /** What that is expected to be; as {@link #squared}. */
  float[] expectedDeviance() {
    return expectedDeviance;
  }

  /** The penalty of each row, nats. */
  float[] kl() {
    return kl;
  }

  /** The sum over the rows that count. */
  double sum(float[] term) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += term[row];
    }
    return sum;
  }
}
