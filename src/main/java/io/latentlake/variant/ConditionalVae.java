package io.latentlake.variant;

import io.latentlake.nn.Beside;
import io.latentlake.nn.Columns;
import io.latentlake.nn.Reparameterization;
import io.latentlake.nn.StandardNormalKl;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.NetworkSpec;
import io.latentlake.spec.RowShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The conditional VAE of Sohn, Lee and Yan, "Learning structured output representation using deep
 * conditional generative models", NIPS 2015: q(z|x, c) and p(x|z, c) see a condition c. The prior
 * stays N(0, I), where that paper also learns p(z|c); so z holds what the condition doesn't say.
 */
final class ConditionalVae implements Variant {
  @Override
  public String name() {
    return "conditional-vae";
  }

  @Override
  public boolean isConditional() {
    return true;
  }

  @Override
  public ComputationGraphConfiguration compose(Composition parts) {
    if (parts.spec().network().kind() == NetworkSpec.Kind.CONVOLUTIONAL) {
      throw Variant.unsuited(parts.spec(), "model.network.kind = convolutional", "mlp");
    }
    RowShape shape = parts.shape();
    int latent = parts.spec().latent();
    return parts
        .requireStandardNormal()
        .shareInput()
        .encoder(VaeNetwork.POSTERIOR, parts.rows(), 2 * latent)
        .penalty(new StandardNormalKl(parts.spec().penalty().freeBits()), VaeNetwork.POSTERIOR)
        .add(VaeNetwork.LATENT, new Reparameterization(latent), VaeNetwork.POSTERIOR)
        .add(VaeNetwork.CONDITION, new Columns(shape.features(), shape.width()), VaeNetwork.INPUT)
        .add("conditioned", new Beside(2), VaeNetwork.LATENT, VaeNetwork.CONDITION)
        .decoder(VaeNetwork.OUTPUT, "conditioned", latent + shape.condition())
        .reconstruction()
        .build();
  }
}
