package io.latentlake.train;

import io.latentlake.nn.BatchBuffer;
import io.latentlake.nn.ElboTerms;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.variant.Variants;
import java.util.SplittableRandom;

/** One worker's copy of the network, and the native memory of its batches. */
final class Replica implements AutoCloseable {
  private final long seed;
  private final int width;
  private final VaeNetwork network;
  private final BatchBuffer batch;
  private int[] order;
  private long drawnFrom;

  Replica(Configuration configuration, int width) {
    this.seed = configuration.train().seed();
    this.width = width;
    this.network =
        Variants.trainable(configuration.model(), width, configuration.train().updater(), seed);
    this.batch = new BatchBuffer(configuration.train().batchSize(), width);
  }

  /** The weights and updater state it has now, after no step. */
  ReplicaState state() {
    return state(0);
  }

  private ReplicaState state(int iteration) {
    return new ReplicaState(network.parameters(), network.updaterState(), iteration);
  }

  /**
   * Trains on the round's part of a shard.
   *
   * @param worker whose shard it is; with the seed and the epoch it decides order and noise
   */
  RoundResult train(ReplicaState start, Round round, int worker, Shard shard) {
    network.setParameters(start.parameters());
    network.setUpdaterState(start.updaterState());
    int iteration = start.iteration();
    int[] order = epochOrder(shard.rows(), Noise.seed(seed, round.epoch(), worker));
    ElboTerms loss = ElboTerms.ZERO;
    int end = round.to(shard.rows());
    try {
      for (int at = round.from(shard.rows()); at < end; at += batch.capacity()) {
        int rows = Math.min(batch.capacity(), end - at);
        for (int i = 0; i < rows; i++) {
          shard.unpack(order[at + i], batch.staging(), i * width);
        }
        network.setIteration(iteration++);
        long noise = Noise.seed(seed, round.epoch(), worker, at);
        loss = loss.plus(network.train(batch.rows(rows), noise).times(rows));
      }
      return new RoundResult(round.rows(shard.rows()), state(iteration), loss);
    } finally {
      VaeNetwork.releaseThread();
    }
  }

  /**
   * −ELBO of a shard's rows with one z sampled a row, under the given weights.
   *
   * @return its parts, summed over the rows
   */
  ElboTerms evaluate(float[] parameters, int worker, Shard shard) {
    network.setParameters(parameters);
    ElboTerms loss = ElboTerms.ZERO;
    try {
      for (int at = 0; at < shard.rows(); at += batch.capacity()) {
        int rows = Math.min(batch.capacity(), shard.rows() - at);
        for (int i = 0; i < rows; i++) {
          shard.unpack(at + i, batch.staging(), i * width);
        }
        loss = loss.plus(network.loss(batch.rows(rows), Noise.seed(seed, worker, at)));
      }
      return loss;
    } finally {
      VaeNetwork.releaseThread();
    }
  }

  /** The order of an epoch; drawn in its first round, kept for the others. */
  private int[] epochOrder(int rows, long orderSeed) {
    if (order == null || order.length != rows || drawnFrom != orderSeed) {
      order = order(rows, orderSeed);
      drawnFrom = orderSeed;
    }
    return order;
  }

  /** A random order of so many rows (Fisher and Yates). */
  static int[] order(int rows, long seed) {
    var random = new SplittableRandom(seed);
    var order = new int[rows];
    for (int i = 0; i < rows; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  @Override
  public void close() {
    batch.close();
    network.close();
  }
}
