package io.latentlake.variant;

import io.latentlake.nn.CategoricalKl;
import io.latentlake.nn.GumbelSoftmax;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.CategoriesSpec;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * A VAE of {@code model.latent} categorical variables, trained by the Gumbel-softmax of Jang, Gu
 * and Poole, arXiv 1611.01144, relaxed or straight-through.
 */
final class DiscreteVae implements Variant {
  @Override
  public String name() {
    return "discrete-vae";
  }

  @Override
  public ComputationGraphConfiguration compose(Composition parts) {
    CategoriesSpec categories = parts.spec().categories();
    var latent = new GumbelSoftmax(parts.spec().latent(), categories);
    return parts
        .requireStandardNormal()
        .encoder(VaeNetwork.POSTERIOR, parts.rows(), latent.posteriorWidth())
        .penalty(new CategoricalKl(categories.count()), VaeNetwork.POSTERIOR)
        .add(VaeNetwork.LATENT, latent, VaeNetwork.POSTERIOR)
        .decoder(VaeNetwork.OUTPUT, VaeNetwork.LATENT, latent.getLatent())
        .reconstruction()
        .build();
  }
}
