package io.latentlake.variant;

import io.latentlake.nn.Likelihood;
import io.latentlake.nn.Reparameterization;
import io.latentlake.nn.RowMajorDense;
import io.latentlake.nn.StandardNormalKl;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.VaeSpec;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.Activation;

/** The variational autoencoder of Kingma and Welling, arXiv 1312.6114. */
final class Vae implements Variant {

  @Override
  public String name() {
    return "vae";
  }

  @Override
  public ComputationGraphConfiguration compose(
      VaeSpec spec, int features, NeuralNetConfiguration.Builder base) {
    Likelihood likelihood = Likelihood.of(spec.likelihood());
    Activation activation = activation(spec);
    GraphBuilder builder = base.graphBuilder().addInputs(VaeNetwork.INPUT);

    String encoded = VaeNetwork.INPUT;
    int width = features;
    List<Integer> encoder = spec.encoder();
    for (int i = 0; i < encoder.size(); i++) {
      String layer = "encoder-" + i;
      builder.addLayer(
          layer, new RowMajorDense(width, encoder.get(i), activation, i == 0), encoded);
      encoded = layer;
      width = encoder.get(i);
    }
    builder
        .addLayer(
            VaeNetwork.POSTERIOR,
            new RowMajorDense(width, 2 * spec.latent(), Activation.IDENTITY, encoder.isEmpty()),
            encoded)
        .addVertex(
            VaeNetwork.LATENT,
            new Reparameterization(spec.latent(), base.getSeed()),
            VaeNetwork.POSTERIOR);

    String decoded = VaeNetwork.LATENT;
    width = spec.latent();
    List<Integer> decoder = spec.decoder();
    for (int i = 0; i < decoder.size(); i++) {
      String layer = "decoder-" + i;
      builder.addLayer(layer, new RowMajorDense(width, decoder.get(i), activation, false), decoded);
      decoded = layer;
      width = decoder.get(i);
    }
    builder
        .addLayer(
            VaeNetwork.OUTPUT,
            new RowMajorDense(width, likelihood.outputs(features), Activation.IDENTITY, false),
            decoded)
        .addLayer(
            VaeNetwork.RECONSTRUCTION, new LossLayer.Builder(likelihood).build(), VaeNetwork.OUTPUT)
        .addLayer(
            VaeNetwork.KL,
            new LossLayer.Builder(new StandardNormalKl()).build(),
            VaeNetwork.POSTERIOR)
        .setOutputs(VaeNetwork.RECONSTRUCTION, VaeNetwork.KL);

    return builder.build();
  }

  private static Activation activation(VaeSpec spec) {
    return switch (spec.activation()) {
      case RELU -> Activation.RELU;
      case ELU -> Activation.ELU;
      case TANH -> Activation.TANH;
      case SILU -> Activation.SWISH;
    };
  }
}
