package io.latentlake.variant;

import io.latentlake.nn.DeterministicLatent;
import io.latentlake.nn.VaeNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The plain autoencoder: z is what the encoder gives, and nothing holds it to a prior (Hinton and
 * Salakhutdinov, Science 313, 2006). The baseline whose latent space has no structure.
 */
final class Autoencoder implements Variant {
  @Override
  public String name() {
    return "autoencoder";
  }

  @Override
  public ComputationGraphConfiguration compose(Composition parts) {
    int latent = parts.spec().latent();
    return parts
        .requireStandardNormal()
        .encoder(VaeNetwork.POSTERIOR, parts.rows(), latent)
        .add(VaeNetwork.LATENT, new DeterministicLatent(latent), VaeNetwork.POSTERIOR)
        .decoder(VaeNetwork.OUTPUT, VaeNetwork.LATENT, latent)
        .reconstruction()
        .build();
  }
}
