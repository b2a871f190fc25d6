package io.latentlake.variant;

import io.latentlake.nn.FiniteDifferences;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Activation;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.VaeSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The gradient of −ELBO with respect to all weights of every variant, under every likelihood,
 * against central finite differences in double precision with the noise held fixed.
 */
class VaeGradientTest {
  private static final int ROWS = 4;
  private static final int FEATURES = 6;
  private static final long NOISE_SEED = 42;

  static Stream<Arguments> cases() {
    return Variants.all().stream()
        .flatMap(
            variant ->
                Arrays.stream(Family.values())
                    .map(family -> Arguments.of(variant.name(), family, Activation.TANH)));
  }

  static Stream<Arguments> activations() {
    return Variants.all().stream()
        .flatMap(
            variant ->
                Stream.of(Activation.RELU, Activation.ELU, Activation.SILU)
                    .map(activation -> Arguments.of(variant.name(), Family.BERNOULLI, activation)));
  }

  @ParameterizedTest
  @MethodSource({"cases", "activations"})
  void gradientMatchesFiniteDifferences(String variant, Family family, Activation activation) {
    checkGradient(variant, List.of(5), List.of(4), family, activation);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientOfTheLinearNetworkMatchesToo(String variant, Family family, Activation activation) {
    checkGradient(variant, List.of(), List.of(), family, activation);
  }

  private static void checkGradient(
      String variant,
      List<Integer> encoder,
      List<Integer> decoder,
      Family family,
      Activation activation) {
    var likelihood = new LikelihoodSpec(family, 0.5);
    var spec = new VaeSpec(variant, encoder, 3, decoder, activation, likelihood);
    var base = new NeuralNetConfiguration.Builder().seed(17).dataType(DataType.DOUBLE);
    INDArray x = Transforms.sigmoid(Noise.standardNormal(3, ROWS, FEATURES, DataType.DOUBLE));
    try (VaeNetwork network = Variants.initialized(Variants.compose(spec, FEATURES, base))) {
      // Fresh biases are all 0; the weights stay as drawn, where no ReLU sits near its kink.
      INDArray parameters = network.graph().params();
      parameters.addi(
          Noise.standardNormal(23, 1, parameters.length(), DataType.DOUBLE)
              .reshape(parameters.shape())
              .muli(0.1));

      loss(network, x);

      // DL4J's gradient is summed over the batch, its score a mean.
      INDArray gradient = network.graph().getFlattenedGradients().dup();
      FiniteDifferences.assertGradient(parameters, gradient, () -> ROWS * loss(network, x));
    }
  }

  private static double loss(VaeNetwork network, INDArray x) {
    network.setNoiseSeed(NOISE_SEED);
    ComputationGraph graph = network.graph();
    graph.setInputs(x);
    graph.setLabels(x, x);
    graph.computeGradientAndScore();
    return graph.score();
  }
}
