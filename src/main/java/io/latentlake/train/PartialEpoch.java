package io.latentlake.train;

import io.latentlake.nn.ElboTerms;
import java.util.ArrayList;
import java.util.List;

/**
 * How far an epoch has come.
 *
 * @param epoch counted from 1
 * @param firstBatch the first minibatch that isn't taken yet, counted from 0 in each worker's epoch
 * @param rows rows that are done, of all workers
 * @param loss −ELBO's parts before each step so far, summed over the rows
 * @param rounds where each averaging round's time went
 */
record PartialEpoch(int epoch, int firstBatch, long rows, ElboTerms loss, List<RoundTime> rounds) {
  PartialEpoch {
    rounds = List.copyOf(rounds);
  }

  /** An epoch that is about to begin. */
  static PartialEpoch beginning(int epoch) {
    return new PartialEpoch(epoch, 0, 0, ElboTerms.ZERO, List.of());
  }

  /** The epoch with one more round. */
  PartialEpoch plus(Round round, RoundResult result, RoundTime time) {
    var times = new ArrayList<>(rounds);
    times.add(time);
    return new PartialEpoch(
        epoch,
        round.firstBatch() + round.batches(),
        rows + result.rows(),
        loss.plus(result.loss()),
        times);
  }

  /** Seconds that its rounds took. */
  double seconds() {
    return rounds.stream().mapToDouble(RoundTime::total).sum();
  }
}
