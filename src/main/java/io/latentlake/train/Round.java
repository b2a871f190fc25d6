package io.latentlake.train;

import java.io.Serializable;

/**
 * One averaging round: the same minibatches of the epoch on every worker.
 *
 * @param epoch counted from 1
 * @param firstBatch the first minibatch, counted from 0 in each worker's epoch
 * @param batches how many minibatches a worker takes at most
 * @param batchSize rows a minibatch
 */
record Round(int epoch, int firstBatch, int batches, int batchSize) implements Serializable {

  /** Minibatches in so many rows; the last may be short. */
  static int batchesIn(int rows, int batchSize) {
    return -Math.floorDiv(-rows, batchSize);
  }

  /** The first row, in the epoch's order, of a worker that has so many. */
  int from(int rows) {
    return (int) Math.min(rows, (long) firstBatch * batchSize);
  }

  /** Behind the last row, in the epoch's order, of a worker that has so many. */
  int to(int rows) {
    return (int) Math.min(rows, (long) (firstBatch + batches) * batchSize);
  }

  /** Rows that a worker with so many takes in this round. */
  int rows(int rows) {
    return to(rows) - from(rows);
  }
}
