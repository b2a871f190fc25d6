package io.latentlake.train;

/**
 * Where an averaging has come to: all that the next round follows from, beside the plan and the
 * shards. What is drawn at random follows from the seed and the place in the epoch.
 *
 * @param replicas what the next round starts from, on every worker
 * @param velocity of the outer momentum, {@code [parameters]}; empty without one
 * @param frequency minibatches a worker takes between two averagings
 * @param epoch how far the epoch has come
 * @param trend how the losses go
 */
record AveragingState(
    ReplicaState replicas, float[] velocity, int frequency, PartialEpoch epoch, LossTrend trend) {

  /** Before the first round of an epoch, with nothing gone before. */
  static AveragingState beginning(ReplicaState start, int epoch, int frequency) {
    return new AveragingState(
        start, new float[0], frequency, PartialEpoch.beginning(epoch), LossTrend.NONE);
  }

  /** The same at the beginning of an epoch. */
  AveragingState at(int begun) {
    return new AveragingState(replicas, velocity, frequency, PartialEpoch.beginning(begun), trend);
  }
}
