package io.latentlake.spec;

import java.io.Serializable;
import java.util.List;

/**
 * The discriminator of an adversarial variant.
 *
 * @param hidden sizes of its hidden layers
 * @param weight of its feedback to the network it judges; its own learning isn't weighted
 */
public record AdversarySpec(List<Integer> hidden, double weight) implements Serializable {
  public AdversarySpec {
    Require.present("model.adversary.hidden", hidden);
    Require.sizes("model.adversary.hidden", hidden);
    Require.positive("model.adversary.weight", weight);
    hidden = List.copyOf(hidden);
  }
}
