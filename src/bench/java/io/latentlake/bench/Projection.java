package io.latentlake.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * What an averaging round would cost with more executors and larger networks. Assumes that
 * broadcast blocks go from executor to executor, so that it takes no longer with more of them; that
 * results come in one behind the other where they meet; and a network of matrix products, 6 FLOP a
 * parameter and row trained.
 *
 * @param executors one worker each
 * @param parameters of the network
 * @param minibatches that each worker takes
 * @param megabytesDown weights and Adam's moments, to each executor
 * @param megabytesUp the same, from all executors together
 * @param broadcastSeconds to carry them down
 * @param collectSeconds to carry them up, straight to the driver
 * @param treeSeconds to carry them up in a tree
 * @param computeSeconds of the round's minibatches on one core
 * @param overhead share of the round that isn't computing, by the faster way up
 */
record Projection(
    int executors,
    long parameters,
    int minibatches,
    double megabytesDown,
    double megabytesUp,
    double broadcastSeconds,
    double collectSeconds,
    double treeSeconds,
    double computeSeconds,
    double overhead) {
  private static final int[] EXECUTORS = {8, 32, 128};
  private static final long[] PARAMETERS = {1_000_000, 10_000_000, 100_000_000};
  private static final double FLOP_A_PARAMETER = 6;
  private static final int MINIBATCHES = 64;

  /**
   * What was measured.
   *
   * @param latency of a round that carries nothing, seconds
   * @param broadcast MB/s
   * @param collect MB/s
   * @param tree MB/s
   * @param flops of training, GFLOP/s
   * @param batchSize rows a minibatch
   */
  record Measured(
      double latency, double broadcast, double collect, double tree, double flops, int batchSize) {}

  /** All of the table. */
  static List<Projection> table(Measured measured) {
    return Stream.of(0, 1, 2)
        .flatMap(size -> Stream.of(0, 1, 2).map(n -> of(measured, EXECUTORS[n], PARAMETERS[size])))
        .toList();
  }

  static Projection of(Measured measured, int executors, long parameters) {
    double state = RoundTraffic.STATE * Float.BYTES * parameters / 1e6;
    double down = state / measured.broadcast;
    double collect = executors * state / measured.collect;
    double tree = new Gathering(executors).hops() * state / measured.tree;
    double compute =
        FLOP_A_PARAMETER * parameters * MINIBATCHES * measured.batchSize / (measured.flops * 1e9);
    double spent = measured.latency + down + Math.min(collect, tree);
    return new Projection(
        executors,
        parameters,
        MINIBATCHES,
        state,
        executors * state,
        down,
        collect,
        tree,
        compute,
        spent / (spent + compute));
  }
}
