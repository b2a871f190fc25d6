package io.latentlake.train;

/**
 * How the rounds' losses go, by which a training that explodes is told from one that meets a few
 * odd rows.
 *
 * @param first mean loss of the run's first round, nats: about an untrained network's; 0 before it
 * @param best the lowest mean loss of a round so far
 * @param rounds averaging rounds so far
 * @param exploded rounds in sequence whose loss was far above the best
 */
record LossTrend(double first, double best, long rounds, int exploded) {
  /** Before the first round. */
  static final LossTrend NONE = new LossTrend(0, 0, 0, 0);

  /** An exploded loss is above the best by so many times what an untrained network's is. */
  private static final double FAR = 1000;

  /** A single round may have met the one row with a fill value. */
  private static final int ROUNDS = 3;

  /** The trend with one more round, of this mean loss in nats. */
  LossTrend after(double loss) {
    if (rounds == 0) {
      return new LossTrend(loss, loss, 1, 0);
    }
    boolean far = !(loss <= best + FAR * Math.max(1, Math.abs(first)));
    return new LossTrend(first, Math.min(best, loss), rounds + 1, far ? exploded + 1 : 0);
  }

  /** Whether its last round was as it should be. */
  boolean healthy() {
    return exploded == 0;
  }

  /** Whether the training has exploded. */
  boolean hasExploded() {
    return exploded >= ROUNDS;
  }
}
