package io.latentlake.train;

import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.TrainSpec;

/** Training has diverged. Who can't go on from the last good round passes it on to the user. */
final class DivergedException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  private final transient AveragingState lastGood;
  private final transient EarlyStop stop;
  private final String what;

  /**
   * A divergence.
   *
   * @param lastGood the last state whose loss was measured and found well
   * @param what such as "the loss is NaN"
   */
  DivergedException(AveragingState lastGood, int epoch, long round, String what, TrainSpec spec) {
    super(Divergence.message(epoch, what, spec));
    this.lastGood = lastGood;
    this.what = what;
    this.stop =
        new EarlyStop(
            epoch, round, lastGood.trend().rounds(), spec.updater().learningRate(), getMessage());
  }

  AveragingState lastGood() {
    return lastGood;
  }

  /** What was seen. */
  String what() {
    return what;
  }

  EarlyStop stop() {
    return stop;
  }
}
