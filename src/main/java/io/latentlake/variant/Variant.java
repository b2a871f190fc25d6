package io.latentlake.variant;

import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.VaeSpec;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** One model of the family: how it is put together. */
public interface Variant {
  /** The name that configurations use. */
  String name();

  /**
   * Composes the network's graph, without its weights.
   *
   * @param parts what it is made of; used up
   * @throws InvalidInputException when the specification asks for what this variant can't be
   */
  ComputationGraphConfiguration compose(Composition parts);

  /** Whether encoder and decoder look at a condition beside the features. */
  default boolean isConditional() {
    return false;
  }

  /** That a setting doesn't go with the variant. */
  static InvalidInputException unsuited(VaeSpec spec, String setting, String remedy) {
    return new InvalidInputException(
        "%s: doesn't go with model.variant = %s; use %s"
            .formatted(setting, spec.variant(), remedy));
  }
}
