package io.latentlake.variant;

import io.latentlake.nn.Beside;
import io.latentlake.nn.ImportanceWeightedBound;
import io.latentlake.nn.Reparameterization;
import io.latentlake.nn.Repeat;
import io.latentlake.nn.StandardNormalKl;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.VaeSpec;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The importance weighted autoencoder of Burda, Grosse and Salakhutdinov, arXiv 1509.00519: trained
 * on the bound of {@code model.samples} draws, which is tighter than the ELBO. Validation measures
 * the ELBO, as for every variant.
 */
final class ImportanceWeightedAutoencoder implements Variant {
  @Override
  public String name() {
    return "iwae";
  }

  @Override
  public ComputationGraphConfiguration compose(Composition parts) {
    VaeSpec spec = parts.spec();
    if (spec.trim() > 0) {
      throw Variant.unsuited(spec, "model.trim = " + spec.trim(), "0, or vae");
    }
    int latent = spec.latent();
    var bound = new ImportanceWeightedBound(parts.likelihood(), spec.samples(), latent);
    return parts
        .requireStandardNormal()
        .encoder(VaeNetwork.POSTERIOR, parts.rows(), 2 * latent)
        .add("posteriors", new Repeat(spec.samples()), VaeNetwork.POSTERIOR)
        .add(VaeNetwork.LATENT, new Reparameterization(latent), "posteriors")
        .decoder(VaeNetwork.OUTPUT, VaeNetwork.LATENT, latent)
        .add("weights", new Beside(3), VaeNetwork.OUTPUT, "posteriors", VaeNetwork.LATENT)
        .output(VaeNetwork.RECONSTRUCTION, bound, "weights")
        // Measured alone: the bound has its own.
        .penalty(new StandardNormalKl(0), VaeNetwork.POSTERIOR, spec.penalty().withWeight(0))
        .build();
  }
}
