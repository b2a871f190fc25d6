package io.latentlake.variant;

import io.latentlake.nn.AdversaryLoss;
import io.latentlake.nn.AdversaryLoss.Part;
import io.latentlake.nn.LikelihoodMean;
import io.latentlake.nn.PriorRows;
import io.latentlake.nn.Reparameterization;
import io.latentlake.nn.StackedRows;
import io.latentlake.nn.StandardNormalKl;
import io.latentlake.nn.StandardNormalPrior;
import io.latentlake.nn.UpperRows;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.VaeSpec;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * A VAE whose decoder is also judged by a discriminator of data, after Larsen et al., arXiv
 * 1512.09300: it sees rows, their reconstructions and samples from the prior. The likelihood of the
 * data is kept as the reconstruction term, where that paper measures in the discriminator's layer.
 */
final class VaeGan implements Variant {
  /** What is made is reconstructed and sampled rows, in this order. */
  private static final List<Part> PARTS =
      List.of(Part.REAL, Part.FAKE, Part.FAKE, Part.FOOLING, Part.FOOLING);

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
        .encoder(VaeNetwork.POSTERIOR, parts.rows(), 2 * latent)
        .penalty(new StandardNormalKl(spec.penalty().freeBits()), VaeNetwork.POSTERIOR)
        .add(VaeNetwork.LATENT, new Reparameterization(latent), VaeNetwork.POSTERIOR)
        .add("decoded", new PriorRows(new StandardNormalPrior()), VaeNetwork.LATENT)
        .decoder("outputs", "decoded", latent)
        .add(VaeNetwork.OUTPUT, new UpperRows(), "outputs", VaeNetwork.LATENT)
        .reconstruction()
        .add("made", new LikelihoodMean(parts.likelihood()), "outputs")
        .opponents("made")
        .add("real-and-fake", new StackedRows(), parts.rows(), Composition.FAKE)
        .add("judged", new StackedRows(), "real-and-fake", Composition.FOOLING)
        .discriminator("judged", parts.features(), new AdversaryLoss(PARTS))
        .build();
  }
}
