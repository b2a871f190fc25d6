package io.latentlake.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.latentlake.nn.ElboTerms;
import io.latentlake.spec.InvalidInputException;
import java.util.List;

/**
 * One epoch of a history; losses are −ELBO with one z sampled a row, in nats, mean over the rows.
 *
 * @param epoch counted from 1
 * @param seconds of training, without validation
 * @param train measured before each step, while the weights move
 * @param validation measured after the epoch; null without validation rows
 * @param time where its seconds went; null under the stock master, which doesn't tell
 * @param rounds the same for each of its averaging rounds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EpochRecord(
    int epoch,
    double seconds,
    ElboTerms train,
    ElboTerms validation,
    RoundTime time,
    List<RoundTime> rounds) {
  public EpochRecord {
    if (train == null) {
      throw new InvalidInputException("an epoch's training loss is null");
    }
  }

  /** −ELBO of the training rows in nats, mean over them, measured while the weights move. */
  public double trainingLoss() {
    return train.loss();
  }
}
