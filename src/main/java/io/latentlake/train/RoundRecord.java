package io.latentlake.train;

/**
 * An averaging round that is done.
 *
 * @param epoch counted from 1
 * @param round of the whole training, counted from 1
 * @param rows trained on in it
 * @param loss −ELBO with one z sampled a row, nats, mean over its rows, while the weights move
 * @param seconds it took
 * @param bytes of weights and updater state that went to the workers and came back
 */
public record RoundRecord(
    int epoch, long round, long rows, double loss, double seconds, long bytes) {
  /** Rows trained on a second. */
  public double rowsPerSecond() {
    return rows / seconds;
  }
}
