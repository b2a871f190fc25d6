package io.latentlake.variant;

import io.latentlake.nn.Likelihood;
import io.latentlake.nn.PenaltyWeight;
import io.latentlake.nn.RowLoss;
import io.latentlake.nn.RowMajorDense;
import io.latentlake.nn.SharedOutputs;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.PenaltySpec;
import io.latentlake.spec.PriorSpec;
import io.latentlake.spec.VaeSpec;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.Activation;

/** A graph that is being put together: the parts that variants are made of. */
public final class Composition {
  private final VaeSpec spec;
  private final int features;
  private final Likelihood likelihood;
  private final GraphBuilder graph;
  private final List<String> outputs = new ArrayList<>();
  private boolean inputShared;

  Composition(VaeSpec spec, int features, NeuralNetConfiguration.Builder base) {
    this.spec = spec;
    this.features = features;
    this.likelihood = Likelihood.of(spec.likelihood());
    this.graph = base.graphBuilder().addInputs(VaeNetwork.INPUT);
  }

  VaeSpec spec() {
    return spec;
  }

  int features() {
    return features;
  }

  Likelihood likelihood() {
    return likelihood;
  }

  /** For variants whose formulas know no other prior than N(0, I). */
  Composition requireStandardNormal() {
    if (spec.prior().family() != PriorSpec.Family.STANDARD_NORMAL) {
      throw Variant.unsuited(
          spec,
          "model.prior.family = " + spec.prior().family().label(),
          "standard-normal, or variant vae");
    }
    return this;
  }

  /**
   * To be called where other vertices than the encoder read the data: DL4J then adds up what they
   * pass back, so that each of them has to pass something.
   */
  Composition shareInput() {
    inputShared = true;
    return this;
  }

  Composition add(String name, GraphVertex vertex, String... inputs) {
    graph.addVertex(name, vertex, inputs);
    return this;
  }

  Composition add(String name, Layer layer, String... inputs) {
    graph.addLayer(name, layer, inputs);
    return this;
  }

  /**
   * Hidden layers and a linear one behind them.
   *
   * @param name of the last one
   * @param prefix of the hidden ones' names
   * @param from the vertex that they begin at
   * @param in its width
   * @param data whether that vertex is data alone, which needs no gradient
   */
  Composition layers(
      String name,
      String prefix,
      String from,
      int in,
      List<Integer> hidden,
      int out,
      boolean data) {
    String last = from;
    int width = in;
    for (int i = 0; i < hidden.size(); i++) {
      String layer = prefix + "-" + i;
      add(layer, new RowMajorDense(width, hidden.get(i), activation(), data && i == 0), last);
      last = layer;
      width = hidden.get(i);
    }
    boolean first = data && hidden.isEmpty();
    return add(name, new RowMajorDense(width, out, Activation.IDENTITY, first), last);
  }

  /** The encoder, from a vertex as wide as the data to what describes q(z|x). */
  Composition encoder(String name, String from, int width) {
    boolean data = from.equals(VaeNetwork.INPUT) && !inputShared;
    return layers(name, "encoder", from, features, spec.encoder(), width, data);
  }

  /**
   * The decoder, from z to what the likelihood is parameterized by: its own outputs, and beside
   * them those that are the same for every row.
   */
  Composition decoder(String name, String from, int width) {
    int own = likelihood.decodedOutputs(features);
    int shared = likelihood.sharedOutputs(features);
    if (shared == 0) {
      return layers(name, "decoder", from, width, spec.decoder(), own, false);
    }
    String last = "row-outputs";
    return layers(last, "decoder", from, width, spec.decoder(), own, false)
        .add(name, new SharedOutputs(own, shared), last);
  }

  /** A discriminator and its loss. */
  Composition discriminator(String from, int width, RowLoss loss) {
    List<Integer> hidden = spec.adversary().hidden();
    return layers("discriminator", "discriminator", from, width, hidden, 1, false)
        .output(VaeNetwork.ADVERSARY, loss, "discriminator");
  }

  /** −log p(x|z), of {@link VaeNetwork#OUTPUT}. */
  Composition reconstruction() {
    return output(VaeNetwork.RECONSTRUCTION, likelihood, VaeNetwork.OUTPUT);
  }

  /** The KL, weighed in training as the specification says. */
  Composition penalty(RowLoss kl, String posterior) {
    return penalty(kl, posterior, spec.penalty());
  }

  /** The KL, weighed in training as given; 0 measures it and no more. */
  Composition penalty(RowLoss kl, String posterior, PenaltySpec weight) {
    if (weight.withoutFreeBits().equals(PenaltySpec.ELBO)) {
      return output(VaeNetwork.KL, kl, posterior);
    }
    return add("penalty", new PenaltyWeight(weight, kl), posterior)
        .output(VaeNetwork.KL, kl, "penalty");
  }

  /** One term of the loss. */
  Composition output(String name, RowLoss loss, String input) {
    outputs.add(name);
    return add(name, new LossLayer.Builder(loss).build(), input);
  }

  ComputationGraphConfiguration build() {
    return graph.setOutputs(outputs.toArray(String[]::new)).build();
  }

  private Activation activation() {
    return switch (spec.activation()) {
      case RELU -> Activation.RELU;
      case ELU -> Activation.ELU;
      case TANH -> Activation.TANH;
      case SILU -> Activation.SWISH;
    };
  }
}
