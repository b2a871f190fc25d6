package io.latentlake.variant;

import io.latentlake.nn.LearnedRows;
import io.latentlake.nn.MixtureKl;
import io.latentlake.nn.Reparameterization;
import io.latentlake.nn.StandardNormalKl;
import io.latentlake.nn.UpperRows;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.PenaltySpec;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.activations.Activation;

/**
 * The variational autoencoder of Kingma and Welling, arXiv 1312.6114, with any of the priors; with
 * a weight on its penalty it is the β-VAE of Higgins et al., ICLR 2017.
 */
final class Vae implements Variant {
  private static final String STACKED = "stacked";

  private final String name;
  private final boolean weighed;

  /**
   * A variant.
   *
   * @param weighed whether the penalty may have a weight
   */
  Vae(String name, boolean weighed) {
    this.name = name;
    this.weighed = weighed;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ComputationGraphConfiguration compose(Composition parts) {
    PenaltySpec penalty = parts.spec().penalty();
    if (!weighed && (penalty.weight() != 1 || penalty.capacity() > 0)) {
      throw new InvalidInputException(
          "model.penalty.weight = %s, capacity = %s: model.variant = %s has weight 1 and no capacity; use beta-vae"
              .formatted(penalty.weight(), penalty.capacity(), name));
    }
    encode(parts);
    return parts
        .decoder(VaeNetwork.OUTPUT, VaeNetwork.LATENT, parts.spec().latent())
        .reconstruction()
        .build();
  }

  /** Encoder, z and penalty. */
  private static void encode(Composition parts) {
    int latent = parts.spec().latent();
    int components = parts.spec().prior().components();
    switch (parts.spec().prior().family()) {
      case STANDARD_NORMAL -> {
        var kl = new StandardNormalKl(parts.spec().penalty().freeBits());
        parts
            .encoder(VaeNetwork.POSTERIOR, parts.rows(), 2 * latent)
            .penalty(kl, VaeNetwork.POSTERIOR);
      }
      case MIXTURE ->
          parts
              .encoder(VaeNetwork.POSTERIOR, parts.rows(), 2 * latent)
              .add(
                  STACKED,
                  new LearnedRows(components, 2 * latent, Activation.IDENTITY),
                  VaeNetwork.POSTERIOR)
              .penalty(new MixtureKl(components), STACKED);
      case VAMP ->
          parts
              .add(
                  "pseudo-inputs",
                  new LearnedRows(components, parts.features(), range(parts)),
                  parts.rows())
              .encoder(STACKED, "pseudo-inputs", 2 * latent)
              .add(VaeNetwork.POSTERIOR, new UpperRows(), STACKED, parts.rows())
              .penalty(new MixtureKl(components), STACKED);
    }
    parts.add(VaeNetwork.LATENT, new Reparameterization(latent), VaeNetwork.POSTERIOR);
  }

  /** What keeps pseudo-inputs where data can be. */
  private static Activation range(Composition parts) {
    return parts.spec().likelihood().family().minimum() == 0
        ? Activation.SIGMOID
        : Activation.IDENTITY;
  }
}
