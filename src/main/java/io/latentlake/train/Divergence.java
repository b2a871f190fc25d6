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
      throw new InvalidInputException(
          "training diverged in epoch %d: the loss is %s; lower train.updater.learning-rate (now %s)"
                  .formatted(epoch, loss.loss(), spec.updater().learningRate())
              + ", or look for features that are not scaled or hold fill values such as 1e9");
    }
  }
}
