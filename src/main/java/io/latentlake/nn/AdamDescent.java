package io.latentlake.nn;

/** Moves values downhill, each by itself, by Adam (Kingma and Ba, arXiv 1412.6980). */
final class AdamDescent {
  private static final double FIRST_DECAY = 0.9;
  private static final double SECOND_DECAY = 0.999;
  private static final double EPSILON = 1e-8;

  private final float[] values;
  private final double rate;
  private final double[] first;
  private final double[] second;
  private int steps;

  /**
   * A descent that begins at the values and moves them.
   *
   * @param rate how far a step goes at most, about
   */
  AdamDescent(float[] values, double rate) {
    this.values = values;
    this.rate = rate;
    this.first = new double[values.length];
    this.second = new double[values.length];
  }

  /** Takes a step against the gradient. */
  void step(float[] gradient) {
    steps++;
    double firstBias = 1 - Math.pow(FIRST_DECAY, steps);
    double secondBias = 1 - Math.pow(SECOND_DECAY, steps);
    for (int i = 0; i < values.length; i++) {
      first[i] = FIRST_DECAY * first[i] + (1 - FIRST_DECAY) * gradient[i];
      second[i] = SECOND_DECAY * second[i] + (1 - SECOND_DECAY) * gradient[i] * gradient[i];
      values[i] -=
          (float) (rate * (first[i] / firstBias) / (Math.sqrt(second[i] / secondBias) + EPSILON));
    }
  }
}
