package io.latentlake.train;

import io.latentlake.spec.OuterSpec;

/** Nesterov momentum over averaging rounds; see {@link OuterSpec}. */
final class OuterStep {
  private final float rate;
  private final float momentum;
  private final float[] velocity;

  OuterStep(OuterSpec spec, int parameters) {
    this.rate = (float) spec.rate();
    this.momentum = (float) spec.momentum();
    this.velocity = spec.equals(OuterSpec.PLAIN) ? null : new float[parameters];
  }

  /**
   * Where the next round starts.
   *
   * @param start what this round started from
   * @param average what the workers came to; overwritten with the result
   */
  void apply(float[] start, float[] average) {
    if (velocity == null) {
      return;
    }
    for (int i = 0; i < start.length; i++) {
      float step = average[i] - start[i];
      velocity[i] = momentum * velocity[i] + step;
      average[i] = start[i] + rate * (step + momentum * velocity[i]);
    }
  }
}
