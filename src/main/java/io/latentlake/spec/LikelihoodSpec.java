package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;

/**
 * The decoder's likelihood p(x | z).
 *
 * @param family which distribution
 * @param variance σ² of every feature, used by {@link Family#GAUSSIAN} alone
 */
public record LikelihoodSpec(Family family, double variance) implements Serializable {

  /** The distributions on offer, with the values they can score. */
  public enum Family {
    /** Pixels and flags: x in [0, 1], the decoder gives the logit of the mean. */
    @JsonProperty("bernoulli")
    BERNOULLI(0, 1),
    /** Real x, up to where a sum of squares is still a float; the variance is fixed. */
    @JsonProperty("gaussian")
    GAUSSIAN(-1e16, 1e16),
    /** Real x likewise; the decoder gives the mean and the log-variance of each feature. */
    @JsonProperty("gaussian-learned-variance")
    GAUSSIAN_LEARNED_VARIANCE(-1e16, 1e16);

    private final double minimum;
    private final double maximum;

    Family(double minimum, double maximum) {
      this.minimum = minimum;
      this.maximum = maximum;
    }

    /** The smallest x that has a density under this family. */
    public double minimum() {
      return minimum;
    }

    /** The largest x that has a density under this family. */
    public double maximum() {
      return maximum;
    }
  }

  public LikelihoodSpec {
    Require.present("model.likelihood.family", family);
    Require.positive("model.likelihood.variance", variance);
  }
}
