package io.latentlake.train;

import io.latentlake.nn.ElboTerms;
import java.util.List;

/** Who trains an epoch by averaging the workers' parameters. */
interface AveragingMaster extends AutoCloseable {
  /**
   * Trains one epoch.
   *
   * @param epoch counted from 1
   * @param progress is told as rows are done
   * @return what came of it
   */
  EpochResult trainEpoch(int epoch, TrainingProgress progress);

  /**
   * What an epoch gives.
   *
   * @param loss −ELBO's parts before each step, summed over the rows
   * @param rounds where each averaging round's time went; empty when the master doesn't know
   */
  record EpochResult(ElboTerms loss, List<RoundTime> rounds) {}

  /** The averaged weights. */
  float[] parameters();

  @Override
  void close();
}
