package io.latentlake.variant;

import io.latentlake.nn.AdversaryLoss;
import io.latentlake.nn.AdversaryLoss.Part;
import io.latentlake.nn.ConstantRows;
import io.latentlake.nn.GaussianMixture;
import io.latentlake.nn.MixtureKl;
import io.latentlake.nn.Prior;
import io.latentlake.nn.PriorRows;
import io.latentlake.nn.Reparameterization;
import io.latentlake.nn.StackedRows;
import io.latentlake.nn.StandardNormalKl;
import io.latentlake.nn.StandardNormalPrior;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.PenaltySpec;
import io.latentlake.spec.VaeSpec;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The adversarial autoencoder of Makhzani et al., arXiv 1511.05644: not a KL but a discriminator,
 * who sees z beside draws from the prior, holds the aggregated posterior to it. A mixture prior is
 * a ring ({@link GaussianMixture#ring}). The KL is measured, not trained on.
 */
final class AdversarialAutoencoder implements Variant {
  private static final List<Part> PARTS = List.of(Part.FOOLING, Part.FAKE, Part.REAL);

  @Override
  public String name() {
    return "adversarial-autoencoder";
  }

  @Override
  public ComputationGraphConfiguration compose(Composition parts) {
    VaeSpec spec = parts.spec();
    int latent = spec.latent();
    parts
        .encoder(VaeNetwork.POSTERIOR, parts.rows(), 2 * latent)
        .add(VaeNetwork.LATENT, new Reparameterization(latent), VaeNetwork.POSTERIOR)
        .decoder(VaeNetwork.OUTPUT, VaeNetwork.LATENT, latent)
        .reconstruction();
    return switch (spec.prior().family()) {
      case STANDARD_NORMAL ->
          hold(parts, new StandardNormalPrior())
              .penalty(new StandardNormalKl(0), VaeNetwork.POSTERIOR, measured(spec))
              .build();
      case MIXTURE -> {
        var ring = GaussianMixture.ring(spec.prior().components(), latent);
        yield hold(parts, ring)
            .add("ring", new ConstantRows(ring), VaeNetwork.POSTERIOR)
            .penalty(new MixtureKl(spec.prior().components()), "ring", measured(spec))
            .build();
      }
      case VAMP -> throw Variant.unsuited(spec, "model.prior.family = vamp", "mixture");
    };
  }

  private static PenaltySpec measured(VaeSpec spec) {
    return spec.penalty().withWeight(0);
  }

  /** Lets a discriminator hold z to a prior. */
  private static Composition hold(Composition parts, Prior prior) {
    return parts
        .opponents(VaeNetwork.LATENT)
        .add("fake-and-real", new PriorRows(prior), Composition.FAKE)
        .add("judged", new StackedRows(), Composition.FOOLING, "fake-and-real")
        .discriminator("judged", parts.spec().latent(), new AdversaryLoss(PARTS));
  }
}
