package io.latentlake.nn.onednn;

/**
 * Reductions over a stretch of an array, with several running values: one alone would wait for its
 * own last addition. They start anew for each stretch, so a row's result depends on that row alone.
 */
final class RowReduction {
  /** Factors of at least ½ whose product is still far from the smallest float. */
  private static final int HALVES = 256;

  private static final int LEVELS = 255;
  private static final float STEP = 1f / LEVELS;
  private static final double[] BYTE_ENTROPY = new double[LEVELS + 1];

  static {
    for (int level = 0; level <= LEVELS; level++) {
      BYTE_ENTROPY[level] = entropy(level * STEP);
    }
  }

  private RowReduction() {}

  /** Σ values[i], from ≤ i &lt; to. */
  static double sum(float[] values, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (; i < to; i++) {
      a += values[i];
    }
    return (a + b) + (c + d);
  }

  /** Σ log values[i], from ≤ i &lt; to, for values in [½, 1]: one logarithm for many of them. */
  static double logOfHalves(float[] values, int from, int to) {
    double sum = 0;
    for (int start = from; start < to; start += HALVES) {
      sum += Math.log(product(values, start, Math.min(to, start + HALVES)));
    }
    return sum;
  }

  /** Σ log values[i], from ≤ i &lt; to, for any positive floats that are not subnormal. */
  static double log(float[] values, int from, int to) {
    double sum = 0;
    int i = from;
    // The product of eight such floats is a double that is not subnormal either.
    for (; i + 7 < to; i += 8) {
      double low = (double) values[i] * values[i + 1] * values[i + 2] * values[i + 3];
      double high = (double) values[i + 4] * values[i + 5] * values[i + 6] * values[i + 7];
      sum += Math.log(low * high);
    }
    for (; i < to; i++) {
      sum += Math.log(values[i]);
    }
    return sum;
  }

  /** Σ −x log x − (1 − x) log(1 − x), from ≤ i &lt; to, of values in [0, 1]. */
  static double entropy(float[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      float value = values[i];
      if (value > 0 && value < 1) {
        int level = Math.round(value * LEVELS);
        // Pixels are bytes: looked up, their logarithms cost nothing.
        sum += level * STEP == value ? BYTE_ENTROPY[level] : entropy(value);
      }
    }
    return sum;
  }

  private static double entropy(double p) {
    return p > 0 && p < 1 ? -p * Math.log(p) - (1 - p) * Math.log1p(-p) : 0;
  }

  private static double product(float[] values, int from, int to) {
    float a = 1;
    float b = 1;
    float c = 1;
    float d = 1;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a *= values[i];
      b *= values[i + 1];
      c *= values[i + 2];
      d *= values[i + 3];
    }
    for (; i < to; i++) {
      a *= values[i];
    }
    return (double) a * b * c * d;
  }
}
