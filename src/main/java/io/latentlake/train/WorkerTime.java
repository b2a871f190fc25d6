package io.latentlake.train;

import java.io.Serializable;

/**
 * What workers spent in a round, in seconds.
 *
 * @param fetch getting the broadcast weights, the slowest's
 * @param compute training, summed over the workers
 * @param slowest training, the slowest's
 * @param workers how many
 */
record WorkerTime(double fetch, double compute, double slowest, int workers)
    implements Serializable {
  static WorkerTime of(double fetch, double compute) {
    return new WorkerTime(fetch, compute, compute, 1);
  }

  WorkerTime merge(WorkerTime other) {
    return new WorkerTime(
        Math.max(fetch, other.fetch),
        compute + other.compute,
        Math.max(slowest, other.slowest),
        workers + other.workers);
  }

  /**
   * The round as the driver saw it.
   *
   * @param broadcast seconds the driver took to hand the weights out
   * @param total seconds the round took
   * @param slots tasks that run at once; more workers than that take turns
   */
  RoundTime in(double broadcast, double total, int slots) {
    double mean = compute / Math.min(slots, workers);
    double busiest = Math.max(mean, slowest);
    double rest = Math.max(0, total - broadcast - fetch - busiest);
    return new RoundTime(mean, busiest - mean, broadcast + fetch, rest, compute);
  }
}
