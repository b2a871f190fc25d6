package io.latentlake.spec;

import java.io.Serializable;

/**
 * What becomes of an averaged step Δ: Nesterov momentum over the averaging rounds (DiLoCo, arXiv
 * 2311.08105, algorithm 1). Rate 1 and momentum 0 take the average as it is.
 *
 * @param rate how much of the step is taken
 * @param momentum how much of the earlier steps goes on, from 0 to less than 1
 */
public record OuterSpec(double rate, double momentum) implements Serializable {
  /** Plain averaging. */
  public static final OuterSpec PLAIN = new OuterSpec(1, 0);

  public OuterSpec {
    Require.positive("train.outer.rate", rate);
    if (!(momentum >= 0 && momentum < 1)) {
      throw new InvalidInputException(
          "train.outer.momentum = %s: must be at least 0 and below 1".formatted(momentum));
    }
  }
}
