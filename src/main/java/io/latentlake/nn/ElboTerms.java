package io.latentlake.nn;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;

/**
 * The two parts of −ELBO, in nats.
 *
 * @param reconstruction −log p(x | z) with one z sampled a row
 * @param kl KL(q(z|x) ‖ p(z))
 */
@JsonPropertyOrder({"loss", "reconstruction", "kl"})
@JsonIgnoreProperties(value = "loss", allowGetters = true)
public record ElboTerms(double reconstruction, double kl) implements Serializable {

  /** Nothing yet: where a sum starts. */
  public static final ElboTerms ZERO = new ElboTerms(0, 0);

  /** −ELBO. */
  @JsonProperty
  public double loss() {
    return reconstruction + kl;
  }

  public ElboTerms plus(ElboTerms other) {
    return new ElboTerms(reconstruction + other.reconstruction, kl + other.kl);
  }

  public ElboTerms times(double factor) {
    return new ElboTerms(reconstruction * factor, kl * factor);
  }
}
