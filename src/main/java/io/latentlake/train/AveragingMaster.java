package io.latentlake.train;

import io.latentlake.nn.ElboTerms;

/** Who trains an epoch by averaging the workers' parameters. */
interface AveragingMaster extends AutoCloseable {
  /**
   * Trains one epoch.
   *
   * @param epoch counted from 1
   * @param progress is told as rows are done
   * @return −ELBO's parts before each step, summed over the rows
   */
  ElboTerms trainEpoch(int epoch, TrainingProgress progress);

  /** The averaged weights. */
  float[] parameters();

  @Override
  void close();
}
