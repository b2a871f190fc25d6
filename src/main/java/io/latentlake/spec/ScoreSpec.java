package io.latentlake.spec;

import java.io.Serializable;

/**
 * How scores are calibrated and computed.
 *
 * @param contamination share of the training rows that is taken to be anomalous; places the
 *     threshold
 * @param batchSize rows a forward pass
 */
public record ScoreSpec(double contamination, int batchSize) implements Serializable {

  public ScoreSpec {
    Require.between("score.contamination", contamination, 0, 0.5);
    Require.atLeast("score.batch-size", batchSize, 1);
  }
}
