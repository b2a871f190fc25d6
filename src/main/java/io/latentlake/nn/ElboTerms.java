package io.latentlake.nn;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.Serializable;

/**
 * The two parts of −ELBO, and what an adversary has to say, in nats.
 *
 * @param reconstruction −log p(x | z) with one z sampled a row
 * @param kl KL(q(z|x) ‖ p(z))
 * @param adversary the discriminator's loss, no part of −ELBO: 2 log 2 where it can tell nothing
 *     apart; 0 where there is none
 */
@JsonPropertyOrder({"loss", "reconstruction", "kl", "adversary"})
@JsonIgnoreProperties(value = "loss", allowGetters = true)
public record ElboTerms(
    double reconstruction,
    double kl,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) double adversary)
    implements Serializable {

  /** Nothing yet: where a sum starts. */
  public static final ElboTerms ZERO = new ElboTerms(0, 0);

  /** Without an adversary. */
  public ElboTerms(double reconstruction, double kl) {
    this(reconstruction, kl, 0);
  }

  /** −ELBO. */
  @JsonProperty
  public double loss() {
    return reconstruction + kl;
  }

  public ElboTerms plus(ElboTerms other) {
    return new ElboTerms(
        reconstruction + other.reconstruction, kl + other.kl, adversary + other.adversary);
  }

  public ElboTerms times(double factor) {
    return new ElboTerms(reconstruction * factor, kl * factor, adversary * factor);
  }
}
