package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;

/** Gives rows an array of what fills their gaps, NaN where there is none. */
final class ImputingWork implements BatchWork {
  private final Imputer imputer;
  private final boolean[] hidden;
  private final int width;
  private final int stride;

  /** The rows with their masks behind them, where they have some, {@code [capacity, stride]}. */
  private final float[] staging;

  private final float[] x;
  private final boolean[] missing;
  private final float[] filling;

  /** Values filled in, their squared error, then Σx and Σx² of each feature. */
  private final double[] sums;

  /**
   * Work of one task.
   *
   * @param hidden features that are taken for missing, or null
   * @param masked whether each row brings a mask
   */
  ImputingWork(TrainedVae model, boolean[] hidden, boolean masked, int rounds) {
    this.imputer = new Imputer(model, rounds);
    this.hidden = hidden;
    this.width = model.features().width();
    this.stride = masked ? 2 * width : width;
    this.staging = new float[imputer.capacity() * stride];
    this.x = new float[imputer.capacity() * width];
    this.missing = new boolean[x.length];
    this.filling = new float[x.length];
    this.sums = new double[2 + 2 * width];
  }

  @Override
  public int capacity() {
    return imputer.capacity();
  }

  @Override
  public float[] staging() {
    return staging;
  }

  @Override
  public void run(int rows) {
    Arrays.fill(missing, false);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(staging, row * stride, x, row * width, width);
      for (int i = 0; i < width; i++) {
        missing[row * width + i] =
            Float.isNaN(x[row * width + i])
                || (hidden != null && hidden[i])
                || (stride > width && staging[row * stride + width + i] != 0);
      }
    }
    float[] expected = imputer.expected(x, missing);
    for (int at = 0; at < rows * width; at++) {
      filling[at] = missing[at] ? expected[at] : Float.NaN;
      count(at);
    }
  }

  private void count(int at) {
    if (missing[at]) {
      sums[0]++;
      double error = filling[at] - x[at];
      sums[1] += error * error;
    }
    int feature = at % width;
    sums[2 + feature] += x[at];
    sums[2 + width + feature] += (double) x[at] * x[at];
  }

  @Override
  public void write(int row, InternalRow added) {
    RowArrays.write(filling, row, width, added);
  }

  @Override
  public double[] sums() {
    return sums;
  }

  @Override
  public void close() {
    imputer.close();
  }
}
