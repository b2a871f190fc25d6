package io.latentlake.train;

import io.latentlake.spec.AutoCount;

/**
 * How many minibatches a worker takes between two averagings: as many as were asked for, or as few
 * as keep communication at {@value #COMMUNICATION_SHARE} of the time, as far as it has been
 * measured.
 */
final class AveragingFrequency {
  /** Aimed at: a little below the tenth that a run should not pass, since measurements scatter. */
  static final double COMMUNICATION_SHARE = 0.08;

  /** Where measuring starts. */
  private static final int FIRST = 8;

  /** A round so much longer than the last would be a guess. */
  private static final int LARGEST_GROWTH = 8;

  /** Whether an epoch's rounds are made even: what is measured is no promise to anybody. */
  private final boolean even;

  private boolean measuring;
  private int current;

  AveragingFrequency(int requested) {
    this.even = requested == AutoCount.AUTO;
    this.measuring = even;
    this.current = even ? FIRST : requested;
  }

  /**
   * What an earlier run of the same training had settled on.
   *
   * @param requested what it was asked for
   */
  static AveragingFrequency settled(int requested, int current) {
    var frequency = new AveragingFrequency(requested);
    frequency.current = current;
    frequency.settle();
    return frequency;
  }

  /**
   * Ends measuring: from now on rounds don't depend on how long others took, so that a run which
   * goes on from here ends where another does.
   */
  void settle() {
    measuring = false;
  }

  /** Minibatches of the next round. */
  int current() {
    return current;
  }

  /**
   * Minibatches of the next round, such that the rest of the epoch falls into even rounds.
   *
   * @param left minibatches until the epoch ends
   */
  int next(int left) {
    if (!even) {
      return Math.min(current, left);
    }
    int rounds = Math.max(1, left / current);
    return -Math.floorDiv(-left, rounds);
  }

  /**
   * Learns from a round.
   *
   * @param batches minibatches it had on the busiest worker
   */
  void observe(RoundTime time, int batches) {
    if (!measuring) {
      return;
    }
    double perBatch = (time.compute() + time.waiting()) / batches;
    double communication = time.broadcast() + time.aggregate();
    double needed =
        Math.ceil(communication * (1 - COMMUNICATION_SHARE) / COMMUNICATION_SHARE / perBatch);
    if (needed > current) {
      current = (int) Math.min(needed, (double) current * LARGEST_GROWTH);
    } else if (needed < current / 2.0) {
      // Rounds that turn out cheap may come more often; not at once, one measurement may err.
      current = Math.max(1, current / 2);
    }
  }
}
