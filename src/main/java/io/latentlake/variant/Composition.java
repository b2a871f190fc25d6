package io.latentlake.variant;

import io.latentlake.nn.AdversaryLoss;
import io.latentlake.nn.EncoderView;
import io.latentlake.nn.GradientScale;
import io.latentlake.nn.Likelihood;
import io.latentlake.nn.LikelihoodOfFeatures;
import io.latentlake.nn.MaskedLikelihood;
import io.latentlake.nn.PenaltyWeight;
import io.latentlake.nn.RowLoss;
import io.latentlake.nn.RowMajorDense;
import io.latentlake.nn.SharedOutputs;
import io.latentlake.nn.TrimmedLikelihood;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.NetworkSpec;
import io.latentlake.spec.PenaltySpec;
import io.latentlake.spec.PriorSpec;
import io.latentlake.spec.RowShape;
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
  /** What is made, for the discriminator: no gradient comes back from it. */
  static final String FAKE = "fake";

  /** The same, for its opponent: the gradient of passing for real. */
  static final String FOOLING = "fooling";

  private static final String ROWS_IN_VIEW = "rows";

  private final VaeSpec spec;
  private final RowShape shape;
  private final Likelihood likelihood;
  private final GraphBuilder graph;
  private final HiddenLayers hidden;
  private final List<String> outputs = new ArrayList<>();
  private boolean inputShared;

  Composition(VaeSpec spec, RowShape shape, NeuralNetConfiguration.Builder base) {
    this.spec = spec;
    this.shape = shape;
    Likelihood whole = Likelihood.of(spec.likelihood());
    this.likelihood = shape.gaps() ? new MaskedLikelihood(whole) : whole;
    this.graph = base.graphBuilder().addInputs(VaeNetwork.INPUT);
    if (shape.gaps()) {
      add(ROWS_IN_VIEW, new EncoderView(shape.width()), VaeNetwork.INPUT);
    }
    this.hidden = new HiddenLayers(this, spec.network());
  }

  VaeSpec spec() {
    return spec;
  }

  int features() {
    return shape.features();
  }

  RowShape shape() {
    return shape;
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

  /** The vertex that gives the rows as the network may see them: nothing in them is NaN. */
  String rows() {
    return shape.gaps() ? ROWS_IN_VIEW : VaeNetwork.INPUT;
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

  /** The encoder, from a vertex as wide as the rows to what describes q(z|x). */
  Composition encoder(String name, String from, int width) {
    if (isConvolutional()) {
      var convolutions = new Convolutions(this);
      String inner = convolutions.encoder(from);
      String last =
          hidden.dense("encoder", inner, convolutions.innerWidth(), spec.encoder(), false);
      return linear(name, last, behind(convolutions.innerWidth(), spec.encoder()), width, false);
    }
    boolean data = from.equals(rows()) && !inputShared;
    String last = hidden.dense("encoder", from, shape.width(), spec.encoder(), data);
    boolean first = data && spec.encoder().isEmpty();
    return linear(name, last, behind(shape.width(), spec.encoder()), width, first);
  }

  /**
   * The decoder, from z to what the likelihood is parameterized by: its own outputs, and beside
   * them those that are the same for every row.
   */
  Composition decoder(String name, String from, int width) {
    int own = likelihood.decodedOutputs(shape.features());
    int shared = likelihood.sharedOutputs(shape.features());
    if (shared == 0) {
      return decoded(name, from, width, own);
    }
    String last = "row-outputs";
    return decoded(last, from, width, own).add(name, new SharedOutputs(own, shared), last);
  }

  private Composition decoded(String name, String from, int width, int out) {
    if (isConvolutional()) {
      var convolutions = new Convolutions(this);
      var sizes = new ArrayList<>(spec.decoder());
      sizes.add(convolutions.innerWidth());
      return convolutions.decoder(name, hidden.dense("decoder", from, width, sizes, false), out);
    }
    String last = hidden.dense("decoder", from, width, spec.decoder(), false);
    return linear(name, last, behind(width, spec.decoder()), out, false);
  }

  private boolean isConvolutional() {
    return spec.network().kind() == NetworkSpec.Kind.CONVOLUTIONAL;
  }

  private Composition linear(String name, String from, int in, int out, boolean first) {
    return add(name, new RowMajorDense(in, out, Activation.IDENTITY, first), from);
  }

  /** Width behind layers of these sizes. */
  private static int behind(int in, List<Integer> sizes) {
    return sizes.isEmpty() ? in : sizes.get(sizes.size() - 1);
  }

  /**
   * What a discriminator is shown of its opponent: {@link #FAKE}, whose gradient ends here, and
   * {@link #FOOLING}, whose gradient moves the opponent with the adversary's weight.
   */
  Composition opponents(String made) {
    double weight = spec.adversary().weight() / AdversaryLoss.FOOLING;
    return add(FAKE, new GradientScale(0), made).add(FOOLING, new GradientScale(weight), made);
  }

  /** A discriminator and its loss; of dense layers alone. */
  Composition discriminator(String from, int width, RowLoss loss) {
    List<Integer> sizes = spec.adversary().hidden();
    var judge = new HiddenLayers(this, NetworkSpec.PLAIN);
    String last = judge.dense("discriminator", from, width, sizes, false);
    return linear("discriminator", last, behind(width, sizes), 1, false)
        .output(VaeNetwork.ADVERSARY, loss, "discriminator");
  }

  /** −log p(x|z) of the features, of {@link VaeNetwork#OUTPUT}. */
  Composition reconstruction() {
    Likelihood ofRows =
        shape.condition() == 0
            ? likelihood
            : new LikelihoodOfFeatures(likelihood, shape.features());
    Likelihood learned = spec.trim() > 0 ? new TrimmedLikelihood(ofRows, spec.trim()) : ofRows;
    return output(VaeNetwork.RECONSTRUCTION, learned, VaeNetwork.OUTPUT);
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

  /** How the networks' hidden layers are made. */
  HiddenLayers hidden() {
    return hidden;
  }
}
