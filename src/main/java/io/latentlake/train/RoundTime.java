package io.latentlake.train;

import java.io.Serializable;

/**
 * Where an averaging round's time went, in seconds.
 *
 * @param compute training itself, mean over the task slots
 * @param waiting of the mean slot for the busiest
 * @param broadcast getting weights and state out to the workers
 * @param aggregate scheduling, getting results back, and averaging them
 * @param work training, summed over the workers: about what one worker alone would have needed
 */
public record RoundTime(
    double compute, double waiting, double broadcast, double aggregate, double work)
    implements Serializable {
  static final RoundTime ZERO = new RoundTime(0, 0, 0, 0, 0);

  /** The whole round. */
  public double total() {
    return compute + waiting + broadcast + aggregate;
  }

  /** The share that went to moving weights about. */
  public double communicationShare() {
    return total() == 0 ? 0 : (broadcast + aggregate) / total();
  }

  RoundTime plus(RoundTime other) {
    return new RoundTime(
        compute + other.compute,
        waiting + other.waiting,
        broadcast + other.broadcast,
        aggregate + other.aggregate,
        work + other.work);
  }
}
