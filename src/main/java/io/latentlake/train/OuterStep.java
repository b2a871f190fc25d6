package io.latentlake.train;

import io.latentlake.spec.OuterSpec;

/** Nesterov momentum over averaging rounds; see {@link OuterSpec}. */
final class OuterStep {
  private final float rate;
  private final float momentum;
  private final boolean plain;

  OuterStep(OuterSpec spec) {
    this.rate = (float) spec.rate();
    this.momentum = (float) spec.momentum();
    this.plain = spec.equals(OuterSpec.PLAIN);
  }

  /**
   * Where the next round starts.
   *
   * @param start what this round started from
   * @param average what the workers came to; overwritten with the result
   * @param velocity before this round; empty before the first
   * @return the velocity after it; empty for plain averaging
   */
  float[] apply(float[] start, float[] average, float[] velocity) {
    if (plain) {
      return velocity;
    }
    var next = new float[start.length];
    for (int i = 0; i < start.length; i++) {
      float step = average[i] - start[i];
      next[i] = momentum * (velocity.length == 0 ? 0 : velocity[i]) + step;
      average[i] = start[i] + rate * (step + momentum * next[i]);
    }
    return next;
  }
}
