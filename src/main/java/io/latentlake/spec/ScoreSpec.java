package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;

/**
 * How scores are calibrated and computed.
 *
 * @param contamination share of the training rows that is taken to be anomalous; places the
 *     threshold
 * @param batchSize rows a forward pass
 * @param precision of the matrix products' factors; sums are in single precision always
 */
public record ScoreSpec(double contamination, int batchSize, Precision precision)
    implements Serializable {

  /** What the factors of a matrix product are rounded to. */
  public enum Precision {
    /** Not at all. */
    @JsonProperty("float32")
    FLOAT32,
    /** To 8 significant bits: faster where the CPU multiplies such numbers natively. */
    @JsonProperty("bfloat16")
    BFLOAT16
  }

  public ScoreSpec {
    Require.between("score.contamination", contamination, 0, 0.5);
    Require.atLeast("score.batch-size", batchSize, 1);
    Require.present("score.precision", precision);
  }

  /** The same in another precision. */
  public ScoreSpec withPrecision(Precision other) {
    return new ScoreSpec(contamination, batchSize, other);
  }
}
