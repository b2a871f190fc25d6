package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;

/**
 * How scores are calibrated and computed.
 *
 * @param contamination share of the training rows that is taken to be anomalous; places the
 *     threshold
 * @param kind what makes a row's anomaly score
 * @param samples z drawn for each row by {@link Kind#LOG_LIKELIHOOD} and {@link
 *     Kind#LIKELIHOOD_REGRET}
 * @param batchSize rows a forward pass
 * @param precision of the matrix products' factors; sums are in single precision always
 */
public record ScoreSpec(
    double contamination, Kind kind, int samples, int batchSize, Precision precision)
    implements Serializable {
  private static final int MOST_SAMPLES = 100_000;
  private static final int LARGEST_BATCH = 65_536;

  /** What makes a row's anomaly score: the larger, the more anomalous. */
  public enum Kind {
    /**
     * The deviance over what the decoder itself expects it to be, an estimate of the dispersion
     * (McCullagh and Nelder, section 4.5): a row is anomalous when it is off by more than such rows
     * are.
     */
    @JsonProperty("dispersion")
    DISPERSION,
    /**
     * −log p(x | z = μ(x)) less what it would be if the decoder gave the row itself: half of what
     * is called the deviance (McCullagh and Nelder, Generalized Linear Models, section 2.3).
     */
    @JsonProperty("deviance")
    DEVIANCE,
    /** −log p(x | z = μ(x)). */
    @JsonProperty("reconstruction")
    RECONSTRUCTION,
    /** Σ(x − x̂)². */
    @JsonProperty("squared")
    SQUARED,
    /** −ELBO at z = μ(x). */
    @JsonProperty("elbo")
    ELBO,
    /**
     * The deviance, and for each category −log p(its level | the rest of the row), after Besag's
     * pseudo-likelihood (The Statistician 24, 1975): for levels that don't belong together. One
     * more pass for each column of levels.
     */
    @JsonProperty("pseudo_likelihood")
    PSEUDO_LIKELIHOOD,
    /** −log p(x), by importance sampling. */
    @JsonProperty("log_likelihood")
    LOG_LIKELIHOOD,
    /** Mahalanobis distance of μ(x) to the training rows' μ. */
    @JsonProperty("latent_distance")
    LATENT_DISTANCE,
    /** What a row's ELBO gains by a q(z|x) of its own (Xiao, Yan and Amit, arXiv 2003.02977). */
    @JsonProperty("likelihood_regret")
    LIKELIHOOD_REGRET;

    /** Whether it takes more of the network than a pass at z = μ(x), on ND4J's operations. */
    public boolean isSampled() {
      return this == LOG_LIKELIHOOD || this == LIKELIHOOD_REGRET;
    }
  }

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
    Require.present("score.kind", kind);
    Require.atLeast("score.samples", samples, 1);
    Require.atMost("score.samples", samples, MOST_SAMPLES);
    Require.atLeast("score.batch-size", batchSize, 1);
    Require.atMost("score.batch-size", batchSize, LARGEST_BATCH);
    Require.present("score.precision", precision);
  }

  /** The same in another precision. */
  public ScoreSpec withPrecision(Precision other) {
    return new ScoreSpec(contamination, kind, samples, batchSize, other);
  }

  /** The same for another kind of score and another share of anomalies. */
  public ScoreSpec with(Kind otherKind, double otherContamination) {
    return new ScoreSpec(otherContamination, otherKind, samples, batchSize, precision);
  }

  /** The same a row at a time. */
  public ScoreSpec rowByRow() {
    return new ScoreSpec(contamination, kind, samples, 1, precision);
  }
}
