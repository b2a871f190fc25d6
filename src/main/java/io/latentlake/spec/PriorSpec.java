package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.Locale;

/**
 * The prior p(z).
 *
 * @param family which distribution
 * @param components how many Gaussians, used by all families but {@link Family#STANDARD_NORMAL}
 */
public record PriorSpec(Family family, int components) implements Serializable {
  /** N(0, I). */
  public static final PriorSpec NORMAL = new PriorSpec(Family.STANDARD_NORMAL, 1);

  /** The distributions on offer. */
  public enum Family {
    /** N(0, I). */
    @JsonProperty("standard-normal")
    STANDARD_NORMAL,
    /** A mixture of Gaussians whose means and variances are learned. */
    @JsonProperty("mixture")
    MIXTURE,
    /**
     * A mixture of the posteriors of learned pseudo-inputs (Tomczak and Welling, arXiv 1705.07120).
     */
    @JsonProperty("vamp")
    VAMP;

    /** As configurations call it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public PriorSpec {
    Require.present("model.prior.family", family);
    Require.atLeast("model.prior.components", components, 1);
  }
}
