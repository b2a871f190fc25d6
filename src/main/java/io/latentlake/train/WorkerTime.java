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
   */
  RoundTime in(double broadcast, double total) {
    double mean = compute / workers;
    double rest = Math.max(0, total - broadcast - fetch - slowest);
    return new RoundTime(mean, slowest - mean, broadcast + fetch, rest);
  }
}
