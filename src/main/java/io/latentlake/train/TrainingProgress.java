package io.latentlake.train;

import io.latentlake.data.RejectReason;
import io.latentlake.spec.TrainSpec;
import java.util.Map;

/** Is told how a training run goes, on the driver. */
public interface TrainingProgress {
  /**
   * The rows are packed and training begins.
   *
   * @param rows rows trained on in each epoch
   * @param rejected rows of the table that can't be used, by reason
   * @param requested what was asked for
   * @param resolved what each worker does
   */
  default void started(
      long rows, Map<RejectReason, Long> rejected, TrainSpec requested, TrainSpec resolved) {}

  /** So many rows of an epoch are done. */
  default void rowsDone(int epoch, long rows) {}

  /** An averaging round is done; the stock master doesn't tell. */
  default void roundDone(RoundRecord round) {}

  /** An epoch is done. */
  default void epochDone(EpochRecord epoch) {}

  /** Something is not as it should be, and training goes on. */
  default void warning(String message) {}

  /** All epochs are done, or it stopped early. */
  default void trained(History history) {}

  /** Tells both, this one first. */
  default TrainingProgress and(TrainingProgress other) {
    return new BothProgress(this, other);
  }
}
