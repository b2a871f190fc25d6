package io.latentlake.spec;

import java.io.Serializable;
import java.util.List;

/**
 * The network that is to be built; its width comes from the data.
 *
 * @param variant a name from the list of variants, such as {@code vae}
 * @param encoder sizes of the encoder's hidden layers, from the input on; may be empty (linear)
 * @param latent dimension of z
 * @param decoder sizes of the decoder's hidden layers, from z on; may be empty (linear)
 * @param activation non-linearity of the hidden layers
 * @param likelihood p(x | z)
 */
public record VaeSpec(
    String variant,
    List<Integer> encoder,
    int latent,
    List<Integer> decoder,
    Activation activation,
    LikelihoodSpec likelihood)
    implements Serializable {

  public VaeSpec {
    Require.present("model.variant", variant);
    Require.present("model.encoder", encoder);
    Require.present("model.decoder", decoder);
    Require.present("model.activation", activation);
    Require.present("model.likelihood", likelihood);
    Require.sizes("model.encoder", encoder);
    Require.atLeast("model.latent", latent, 1);
    Require.sizes("model.decoder", decoder);
    encoder = List.copyOf(encoder);
    decoder = List.copyOf(decoder);
  }
}
