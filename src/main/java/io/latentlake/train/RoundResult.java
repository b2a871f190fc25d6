package io.latentlake.train;

import io.latentlake.nn.ElboTerms;
import java.io.Serializable;
import java.util.List;

/**
 * What one worker brings back from a round.
 *
 * @param rows rows it took
 * @param state its weights and updater state afterwards
 * @param loss −ELBO's parts before each step, summed over the rows
 * @param time what it took
 */
record RoundResult(long rows, ReplicaState state, ElboTerms loss, WorkerTime time)
    implements Serializable {

  /**
   * The workers' mean, weighted by rows, summed in the workers' order so that it can be repeated.
   * With one worker it is that worker's state to the bit.
   *
   * @param results at least one
   */
  static ReplicaState average(List<RoundResult> results) {
    long total = results.stream().mapToLong(RoundResult::rows).sum();
    ReplicaState first = results.get(0).state;
    var parameters = new float[first.parameters().length];
    var updaterState = new float[first.updaterState().length];
    int iteration = 0;
    for (RoundResult result : results) {
      float weight = (float) ((double) result.rows / total);
      add(parameters, result.state.parameters(), weight);
      add(updaterState, result.state.updaterState(), weight);
      iteration = Math.max(iteration, result.state.iteration());
    }
    return new ReplicaState(parameters, updaterState, iteration);
  }

  /**
   * The workers' results as one: their mean as {@link #average} makes it.
   *
   * @param results at least one
   */
  static RoundResult merge(List<RoundResult> results) {
    long rows = 0;
    ElboTerms loss = ElboTerms.ZERO;
    for (RoundResult result : results) {
      rows += result.rows;
      loss = loss.plus(result.loss);
    }
    WorkerTime time = results.stream().map(RoundResult::time).reduce(WorkerTime::merge).get();
    return new RoundResult(rows, average(results), loss, time);
  }

  private static void add(float[] sum, float[] values, float weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * values[i];
    }
  }
}
