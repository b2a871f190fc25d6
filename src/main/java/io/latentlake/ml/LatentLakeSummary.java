package io.latentlake.ml;

import io.latentlake.model.Provenance;
import io.latentlake.train.EpochRecord;
import io.latentlake.train.History;

/**
 * How training went.
 *
 * @param history one record an epoch, the devices, and how the latent dimensions are used
 * @param rows rows trained on
 * @param rejectedRows rows of the table that could not be used
 */
public record LatentLakeSummary(History history, long rows, long rejectedRows) {

  static LatentLakeSummary of(History history, Provenance provenance) {
    return new LatentLakeSummary(history, provenance.rows(), provenance.rejectedRows());
  }

  /** −ELBO of each epoch in nats, mean over the rows, measured while the weights move. */
  public double[] objectiveHistory() {
    return history.epochs().stream().mapToDouble(EpochRecord::trainingLoss).toArray();
  }

  /** Epochs. */
  public int totalIterations() {
    return history.epochs().size();
  }

  /** Seconds of training, all epochs together. */
  public double seconds() {
    return history.seconds();
  }
}
