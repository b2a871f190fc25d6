package io.latentlake.variant;

import io.latentlake.nn.AdversaryLoss;
import io.latentlake.nn.GradientScale;
import io.latentlake.nn.LikelihoodMean;
import io.latentlake.nn.PriorRows;
import io.latentlake.nn.Reparameterization;
import io.latentlake.nn.StackedRows;
import io.latentlake.nn.StandardNormalKl;
import io.latentlake.nn.StandardNormalPrior;
import io.latentlake.nn.UpperRows;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.VaeSpec;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * A VAE whose decoder is also judged by a discriminator of data, after Larsen et al., arXiv
 * 1512.09300: it sees rows, their reconstructions and samples from the prior. The likelihood of the
 * data is kept as the reconstruction term, where that paper measures in the discriminator's layer.
 */
final class VaeGan implements Variant {
  private static final int REAL_RECONSTRUCTED_SAMPLED = 3;

  @Override
  public String name() {
    return "vae-gan";
  }

  @Override
  public ComputationGraphConfiguration compose(Composition parts) {
    VaeSpec spec = parts.spec();
    int latent = spec.latent();
    return parts
        .requireStandardNormal()
        .shareInput()
        .encoder(VaeNetwork.POSTERIOR, VaeNetwork.INPUT, 2 * latent)
        .penalty(new StandardNormalKl(spec.penalty().freeBits()), VaeNetwork.POSTERIOR)
        .add(VaeNetwork.LATENT, new Reparameterization(latent), VaeNetwork.POSTERIOR)
        .add("decoded", new PriorRows(new StandardNormalPrior()), VaeNetwork.LATENT)
        .decoder("outputs", "decoded", latent)
        .add(VaeNetwork.OUTPUT, new UpperRows(), "outputs", VaeNetwork.LATENT)
        .reconstruction()
        .add("fakes", new LikelihoodMean(parts.likelihood()), "outputs")
        .add("reversal", new GradientScale(-spec.adversary().weight()), "fakes")
        .add("judged", new StackedRows(), VaeNetwork.INPUT, "reversal")
        .discriminator("judged", parts.features(), new AdversaryLoss(REAL_RECONSTRUCTED_SAMPLED, 0))
        .build();
  }
}
