package io.latentlake.spec;

import java.io.Serializable;
import java.util.List;

/**
 * The network that is to be built; its width comes from the data.
 *
 * @param variant a name from the list of variants, such as {@code vae}
 * @param encoder sizes of the encoder's dense hidden layers, from the input on; may be empty
 * @param latent dimension of z
 * @param decoder sizes of the decoder's dense hidden layers, from z on; may be empty
 * @param activation non-linearity of the hidden layers
 * @param network what else encoder and decoder are made of
 * @param likelihood p(x | z)
 * @param prior p(z)
 * @param penalty how strongly training pulls q(z|x) to the prior
 * @param samples z drawn for each row in training; more than one for {@code iwae} alone
 * @param categories for {@code discrete-vae}
 * @param adversary for the adversarial variants
 * @param trim share of each minibatch's rows, those of the largest error, from which the decoder
 *     learns nothing: about as many as the training table's anomalies
 */
public record VaeSpec(
    String variant,
    List<Integer> encoder,
    int latent,
    List<Integer> decoder,
    Activation activation,
    NetworkSpec network,
    LikelihoodSpec likelihood,
    PriorSpec prior,
    PenaltySpec penalty,
    int samples,
    CategoriesSpec categories,
    AdversarySpec adversary,
    double trim)
    implements Serializable {

  public VaeSpec {
    Require.present("model.variant", variant);
    Require.present("model.encoder", encoder);
    Require.present("model.decoder", decoder);
    Require.present("model.activation", activation);
    Require.present("model.network", network);
    Require.present("model.likelihood", likelihood);
    Require.present("model.prior", prior);
    Require.present("model.penalty", penalty);
    Require.present("model.categories", categories);
    Require.present("model.adversary", adversary);
    Require.sizes("model.encoder", encoder);
    Require.atLeast("model.latent", latent, 1);
    Require.sizes("model.decoder", decoder);
    Require.atLeast("model.samples", samples, 1);
    Require.fraction("model.trim", trim);
    encoder = List.copyOf(encoder);
    decoder = List.copyOf(decoder);
  }

  /** The same network under another likelihood. */
  public VaeSpec withLikelihood(LikelihoodSpec other) {
    return new VaeSpec(
        variant,
        encoder,
        latent,
        decoder,
        activation,
        network,
        other,
        prior,
        penalty,
        samples,
        categories,
        adversary,
        trim);
  }
}
