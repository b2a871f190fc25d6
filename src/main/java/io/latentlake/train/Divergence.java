package io.latentlake.train;

import io.latentlake.nn.ElboTerms;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.TrainSpec;

/** Notices a training that has diverged. */
final class Divergence {
  private Divergence() {}

  /**
   * Stops at a loss that is infinite or NaN.
   *
   * @throws InvalidInputException with what usually causes it
   */
  static void requireFinite(ElboTerms loss, int epoch, TrainSpec spec) {
    if (!Double.isFinite(loss.loss())) {
      throw new InvalidInputException(message(epoch, "the loss is " + loss.loss(), spec));
    }
  }

  /** What was seen, and what usually causes it. */
  static String message(int epoch, String what, TrainSpec spec) {
    return "training diverged in epoch %d: %s; lower train.updater.learning-rate (now %s)"
            .formatted(epoch, what, spec.updater().learningRate())
        + ", raise train.warm-up, or look for features that are not scaled or hold fill values such as 1e9";
  }

  /** Whether every one of these is a number; a sum of floats as doubles overflows for none. */
  static boolean allFinite(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return Double.isFinite(sum);
  }
}
