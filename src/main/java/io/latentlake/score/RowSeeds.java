package io.latentlake.score;

import io.latentlake.nn.Noise;

/** Seeds that follow from what is in a row, and not from where it stands. */
final class RowSeeds {
  private RowSeeds() {}

  /**
   * One seed a row.
   *
   * @param x the rows, one behind the other
   * @param width numbers a row
   */
  static long[] of(float[] x, int rows, int width) {
    var seeds = new long[rows];
    for (int row = 0; row < rows; row++) {
      long hash = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        hash = 31 * hash + Float.floatToIntBits(x[i]);
      }
      seeds[row] = Noise.seed(hash);
    }
    return seeds;
  }
}
