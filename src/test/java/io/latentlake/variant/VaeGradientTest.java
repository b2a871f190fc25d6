package io.latentlake.variant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.Likelihoods;
import io.latentlake.Specifications;
import io.latentlake.nn.AdversaryLoss;
import io.latentlake.nn.AdversaryLoss.Part;
import io.latentlake.nn.FiniteDifferences;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Activation;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.NetworkSpec;
import io.latentlake.spec.NetworkSpec.Kind;
import io.latentlake.spec.NetworkSpec.Normalization;
import io.latentlake.spec.PenaltySpec;
import io.latentlake.spec.PriorSpec;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.VaeSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The gradient of what each variant trains on, with respect to all weights, against central finite
 * differences in double precision with the noise held fixed.
 */
class VaeGradientTest {
  private static final int ROWS = 4;
  private static final int FEATURES = 6;
  private static final List<Integer> IMAGE = List.of(1, 4, 4);
  private static final long NOISE_SEED = 42;

  static Stream<VaeSpec> likelihoods() {
    return Arrays.stream(Family.values())
        .filter(family -> family != Family.AUTO)
        .flatMap(
            family ->
                Stream.concat(
                    Stream.of(linear("vae", family)),
                    Stream.of("vae", "conditional-vae", "iwae", "autoencoder", "vae-gan")
                        .map(variant -> spec(variant, family, Activation.TANH))));
  }

  static Stream<VaeSpec> activations() {
    return Stream.of(Activation.RELU, Activation.ELU, Activation.SILU)
        .map(activation -> spec("vae", Family.BERNOULLI, activation));
  }

  static Stream<VaeSpec> variants() {
    return Variants.all().stream().map(variant -> spec(variant.name()));
  }

  static Stream<VaeSpec> priors() {
    var mixture = new PriorSpec(PriorSpec.Family.MIXTURE, 3);
    var vamp = new PriorSpec(PriorSpec.Family.VAMP, 3);
    return Stream.of(
        Specifications.with(spec("vae"), mixture),
        Specifications.with(spec("vae"), vamp),
        Specifications.with(spec("vae", Family.GAUSSIAN, Activation.TANH), vamp),
        Specifications.with(linear("vae", Family.BERNOULLI), vamp),
        Specifications.with(spec("adversarial-autoencoder"), mixture));
  }

  static Stream<VaeSpec> penalties() {
    return Stream.of(
            new PenaltySpec(4, 0, 1, 0, 0),
            new PenaltySpec(0.5, 10, 2, 0, 0),
            new PenaltySpec(3, 0, 1, 0, 0.1),
            new PenaltySpec(3, 0, 1, 0, 50))
        .flatMap(
            penalty ->
                Stream.of("beta-vae", "conditional-vae", "discrete-vae", "vae-gan")
                    .map(variant -> Specifications.with(spec(variant), penalty)));
  }

  static Stream<VaeSpec> networks() {
    VaeSpec learnedVariance = spec("vae", Family.GAUSSIAN_LEARNED_VARIANCE, Activation.TANH);
    var vamp = new PriorSpec(PriorSpec.Family.VAMP, 3);
    return Stream.of(
        Specifications.with(spec("vae"), network(Kind.MLP, Normalization.BATCH, 0.4)),
        Specifications.with(spec("vae"), network(Kind.MLP, Normalization.LAYER, 0.4)),
        Specifications.with(spec("vae-gan"), network(Kind.MLP, Normalization.BATCH, 0)),
        Specifications.with(spec("iwae"), network(Kind.MLP, Normalization.LAYER, 0)),
        Specifications.with(spec("vae"), network(Kind.CONVOLUTIONAL, Normalization.NONE, 0)),
        Specifications.with(spec("vae"), network(Kind.CONVOLUTIONAL, Normalization.BATCH, 0)),
        Specifications.with(spec("vae"), network(Kind.CONVOLUTIONAL, Normalization.LAYER, 0.2)),
        Specifications.with(learnedVariance, network(Kind.CONVOLUTIONAL, Normalization.NONE, 0)),
        Specifications.with(spec("vae-gan"), network(Kind.CONVOLUTIONAL, Normalization.NONE, 0)),
        Specifications.with(
            Specifications.with(spec("vae"), vamp),
            network(Kind.CONVOLUTIONAL, Normalization.NONE, 0)));
  }

  private static NetworkSpec network(Kind kind, Normalization normalization, double dropout) {
    return new NetworkSpec(kind, IMAGE, List.of(2, 3), normalization, dropout);
  }

  @ParameterizedTest
  @MethodSource({"likelihoods", "activations", "variants", "priors", "penalties", "networks"})
  void gradientMatchesFiniteDifferences(VaeSpec spec) {
    int features = spec.network().kind() == Kind.CONVOLUTIONAL ? 4 * 4 : FEATURES;
    RowShape shape = Specifications.shape(spec, features);
    assertGradient(spec, shape, rows(shape));
  }

  /** NaN in every fifth feature of all rows but one, and so in parts of the categories too. */
  @ParameterizedTest
  @MethodSource({"likelihoods", "variants", "priors"})
  void gradientMatchesWhereFeaturesAreMissing(VaeSpec spec) {
    RowShape whole = Specifications.shape(spec, FEATURES);
    INDArray x = rows(whole);
    for (int i = 0; i < (ROWS - 1) * FEATURES; i += 5) {
      x.putScalar(i / FEATURES, i % FEATURES, Double.NaN);
    }
    assertGradient(spec, new RowShape(FEATURES, whole.condition(), true), x);
  }

  private static INDArray rows(RowShape shape) {
    return Transforms.sigmoid(Noise.standardNormal(3, ROWS, shape.width(), DataType.DOUBLE));
  }

  private static void assertGradient(VaeSpec spec, RowShape shape, INDArray x) {
    var base = new NeuralNetConfiguration.Builder().seed(17).dataType(DataType.DOUBLE);
    try (VaeNetwork network = Variants.initialized(Variants.compose(spec, shape, base))) {
      ComputationGraph graph = network.graph();
      // Fresh biases are all 0; the weights stay as drawn, where no ReLU sits near its kink.
      INDArray parameters = graph.params();
      parameters.addi(
          Noise.standardNormal(23, 1, parameters.length(), DataType.DOUBLE)
              .reshape(parameters.shape())
              .muli(0.1));

      pass(network, x);
      double kl = score(graph, VaeNetwork.KL);

      long checked = 0;
      for (Layer layer : graph.getLayers()) {
        if (layer.numParams() > 0) {
          pass(network, x);
          long learned = learned(layer);
          INDArray own = front(layer.getGradientsViewArray(), learned).dup();
          boolean judges = layer.conf().getLayer().getLayerName().startsWith("discriminator");
          // DL4J's gradient is summed over the batch, its score a mean.
          FiniteDifferences.assertGradientAlongDirections(
              front(layer.params(), learned),
              own,
              () -> {
                pass(network, x);
                return ROWS
                    * (judges ? score(graph, VaeNetwork.ADVERSARY) : trained(spec, network, x, kl));
              });
          checked += layer.numParams();
        }
      }
      assertEquals(parameters.length(), checked);
    }
  }

  /** How many weights are learned: batch normalization's running statistics stand behind them. */
  private static long learned(Layer layer) {
    return layer.paramTable().entrySet().stream()
        .filter(parameter -> layer.updaterDivideByMinibatch(parameter.getKey()))
        .mapToLong(parameter -> parameter.getValue().length())
        .sum();
  }

  private static INDArray front(INDArray weights, long count) {
    return weights.reshape(weights.length()).get(NDArrayIndex.interval(0, count));
  }

  /** What all but the discriminator descend. */
  private static double trained(VaeSpec spec, VaeNetwork network, INDArray x, double kl) {
    ComputationGraph graph = network.graph();
    boolean measured = List.of("iwae", "adversarial-autoencoder").contains(spec.variant());
    double factor = measured ? 0 : spec.penalty().factor(0, kl);
    double ownKl = spec.variant().equals("iwae") ? score(graph, VaeNetwork.KL) : 0;
    return score(graph, VaeNetwork.RECONSTRUCTION)
        + ownKl
        + factor * score(graph, VaeNetwork.KL)
        + spec.adversary().weight() * fooling(network, x);
  }

  /** The opponent's loss −log D, mean over the batch; 0 where there is no discriminator. */
  private static double fooling(VaeNetwork network, INDArray x) {
    ComputationGraph graph = network.graph();
    if (!graph.getConfiguration().getNetworkOutputs().contains(VaeNetwork.ADVERSARY)) {
      return 0;
    }
    var layer = (LossLayer) graph.getLayer(VaeNetwork.ADVERSARY).conf().getLayer();
    List<Part> parts = ((AdversaryLoss) layer.getLossFn()).getParts();
    long fooling = parts.stream().filter(part -> part == Part.FOOLING).count();
    int first = parts.indexOf(Part.FOOLING);
    network.setNoiseSeed(NOISE_SEED);
    INDArray logits =
        graph
            .feedForward(x, true)
            .get("discriminator")
            .get(NDArrayIndex.interval(first * ROWS, (first + fooling) * ROWS));
    return Transforms.softPlus(logits.neg()).meanNumber().doubleValue();
  }

  private static double score(ComputationGraph graph, String output) {
    return graph.getConfiguration().getNetworkOutputs().contains(output)
        ? graph.getLayer(output).score()
        : 0;
  }

  private static void pass(VaeNetwork network, INDArray x) {
    network.setNoiseSeed(NOISE_SEED);
    ComputationGraph graph = network.graph();
    var labels = new INDArray[graph.getNumOutputArrays()];
    Arrays.fill(labels, x);
    graph.setInputs(x);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
  }

  private static VaeSpec spec(String variant) {
    return spec(variant, Family.BERNOULLI, Activation.TANH);
  }

  private static VaeSpec spec(String variant, Family family, Activation activation) {
    return Specifications.of(
        variant, List.of(5), 3, List.of(4), activation, Likelihoods.of(family, FEATURES));
  }

  private static VaeSpec linear(String variant, Family family) {
    return Specifications.of(
        variant, List.of(), 3, List.of(), Activation.TANH, Likelihoods.of(family, FEATURES));
  }
}
