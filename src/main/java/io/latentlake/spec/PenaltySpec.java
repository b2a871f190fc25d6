package io.latentlake.spec;

import java.io.Serializable;

/**
 * How strongly training pulls q(z|x) to the prior. What is reported and scored is always the KL
 * itself; these settings change its gradient alone.
 *
 * @param weight β (Higgins et al., β-VAE, ICLR 2017), or γ where there is a capacity
 * @param warmUp minibatches over which the weight rises from 0 (Bowman et al., arXiv 1511.06349),
 *     or the capacity to its value
 * @param cycles how often it does, each rise followed by as many minibatches at the full weight (Fu
 *     et al., arXiv 1903.10145); behind the last one the weight stays
 * @param freeBits nats a latent dimension may cost, mean over a minibatch, before it is pulled
 *     (Kingma et al., arXiv 1606.04934, section 4)
 * @param capacity nats that the KL is drawn to, from above and from below (Burgess et al., arXiv
 *     1804.03599, equation 8); 0 for none
 */
public record PenaltySpec(double weight, int warmUp, int cycles, double freeBits, double capacity)
    implements Serializable {
  /** The ELBO's own penalty. */
  public static final PenaltySpec ELBO = new PenaltySpec(1, 0, 1, 0, 0);

  public PenaltySpec {
    Require.notNegative("model.penalty.weight", weight);
    Require.atLeast("model.penalty.warm-up", warmUp, 0);
    Require.atLeast("model.penalty.cycles", cycles, 1);
    Require.notNegative("model.penalty.free-bits", freeBits);
    Require.notNegative("model.penalty.capacity", capacity);
    if (freeBits > 0 && capacity > 0) {
      throw new InvalidInputException(
          "model.penalty.free-bits = %s and capacity = %s: they contradict each other; leave one at 0"
              .formatted(freeBits, capacity));
    }
  }

  /**
   * How far the warm-up has come, from 0 to 1.
   *
   * @param iteration minibatches trained on before
   */
  public double progress(int iteration) {
    if (warmUp == 0) {
      return 1;
    }
    long cycle = 2L * warmUp;
    return iteration >= cycle * cycles ? 1 : Math.min(1, (iteration % cycle + 1.0) / warmUp);
  }

  /**
   * What the KL's gradient is multiplied by.
   *
   * @param iteration minibatches trained on before
   * @param kl of the minibatch, nats, mean over its rows
   */
  public double factor(int iteration, double kl) {
    return capacity == 0
        ? weight * progress(iteration)
        : weight * Math.signum(kl - capacity * progress(iteration));
  }

  /** The same with another weight. */
  public PenaltySpec withWeight(double other) {
    return new PenaltySpec(other, warmUp, cycles, freeBits, capacity);
  }

  /** The same without free bits, which are no weight. */
  public PenaltySpec withoutFreeBits() {
    return new PenaltySpec(weight, warmUp, cycles, 0, capacity);
  }
}
