package io.latentlake.train;

import io.latentlake.data.RejectReason;
import io.latentlake.spec.TrainSpec;
import java.util.Map;

/** Tells one after the other. */
record BothProgress(TrainingProgress first, TrainingProgress second) implements TrainingProgress {
  @Override
  public void started(
      long rows, Map<RejectReason, Long> rejected, TrainSpec requested, TrainSpec resolved) {
    first.started(rows, rejected, requested, resolved);
    second.started(rows, rejected, requested, resolved);
  }

  @Override
  public void rowsDone(int epoch, long rows) {
    first.rowsDone(epoch, rows);
    second.rowsDone(epoch, rows);
  }

  @Override
  public void roundDone(RoundRecord round) {
    first.roundDone(round);
    second.roundDone(round);
  }

  @Override
  public void epochDone(EpochRecord epoch) {
    first.epochDone(epoch);
    second.epochDone(epoch);
  }

  @Override
  public void warning(String message) {
    first.warning(message);
    second.warning(message);
  }

  @Override
  public void trained(History history) {
    first.trained(history);
    second.trained(history);
  }
}
