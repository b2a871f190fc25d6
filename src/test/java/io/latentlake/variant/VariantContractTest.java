package io.latentlake.variant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Likelihoods;
import io.latentlake.Specifications;
import io.latentlake.nn.ElboTerms;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Activation;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.VaeSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What every variant owes under every likelihood: any depth, a predictable size, and a DL4J
 * configuration that survives JSON, which is how dl4j-spark's own training master copies it.
 */
class VariantContractTest {
  private static final int FEATURES = 6;
  private static final int LATENT = 3;

  static Stream<Arguments> networks() {
    return Variants.all().stream()
        .flatMap(
            variant ->
                Arrays.stream(Family.values())
                    .filter(family -> family != Family.AUTO)
                    .flatMap(
                        family -> Stream.of(0, 1, 2).map(depth -> spec(variant, family, depth))))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void parameterCountIsTheNetworksSize(VaeSpec spec) {
    try (VaeNetwork network = network(configuration(spec))) {
      assertEquals(network.parameters().length, Variants.parameterCount(spec, shape(spec)));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void shapesFollowTheSpecification(VaeSpec spec) {
    INDArray x = x(spec);
    try (VaeNetwork network = network(configuration(spec));
        var scope = network.scope()) {
      INDArray posterior = network.encode(x);
      INDArray z = network.prior().sample(x.rows(), network.latent(), 4);
      INDArray output = network.decode(z, network.condition(x));

      assertArrayEquals(z.shape(), network.posterior().mean(posterior).shape());
      assertArrayEquals(
          new long[] {x.rows(), network.posterior().posteriorWidth()}, posterior.shape());
      assertArrayEquals(
          new long[] {x.rows(), network.likelihood().outputs(FEATURES)}, output.shape());
      assertArrayEquals(new long[] {x.rows(), FEATURES}, network.likelihood().mean(output).shape());
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void trainingLowersTheLoss(VaeSpec spec) {
    INDArray x = x(spec);
    try (VaeNetwork network = network(configuration(spec))) {
      double before = trained(network, x);
      for (int step = 0; step < 50; step++) {
        assertTrue(Double.isFinite(network.train(x, step).loss()));
      }
      double after = trained(network, x);
      assertTrue(after < before, before + " became " + after);
    }
  }

  /** −ELBO; without its KL where an adversary stands in for that. */
  private static double trained(VaeNetwork network, INDArray x) {
    ElboTerms loss = network.loss(x, 1);
    boolean judged =
        network.graph().getConfiguration().getNetworkOutputs().contains(VaeNetwork.ADVERSARY);
    return judged ? loss.reconstruction() : loss.loss();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void configurationSurvivesJsonAndTrainsTheSame(VaeSpec spec) {
    ComputationGraphConfiguration configuration = configuration(spec);
    var copy = ComputationGraphConfiguration.fromJson(configuration.toJson());
    INDArray x = x(spec);

    assertEquals(configuration, copy);
    assertEquals(configuration.clone(), copy);
    try (VaeNetwork network = network(configuration);
        VaeNetwork restored = network(copy)) {
      assertArrayEquals(network.parameters(), restored.parameters(), "the seed came along");
      for (int step = 0; step < 3; step++) {
        assertEquals(network.train(x, step), restored.train(x, step));
      }
      assertArrayEquals(network.parameters(), restored.parameters());
      assertArrayEquals(network.updaterState(), restored.updaterState());
    }
  }

  @Test
  void linearVaeHasTheWeightsOfTwoMatrices() {
    VaeSpec spec = spec(Variants.named("vae"), Family.BERNOULLI, 0);

    // 6 → 2·3 and 3 → 6, each with biases
    assertEquals(6 * 6 + 6 + 3 * 6 + 6, Variants.parameterCount(spec, shape(spec)));
  }

  @Test
  void namesFindTheirVariant() {
    for (Variant variant : Variants.all()) {
      assertSame(variant, Variants.named(variant.name()));
    }
    var failure = assertThrows(InvalidInputException.class, () -> Variants.named("nonesuch"));
    assertTrue(failure.getMessage().contains("nonesuch"), failure.getMessage());
    assertTrue(failure.getMessage().contains("vae"), failure.getMessage());
  }

  private static VaeSpec spec(Variant variant, Family family, int depth) {
    List<Integer> encoder = List.of(5, 4).subList(0, depth);
    List<Integer> decoder = List.of(4, 7).subList(0, depth);
    LikelihoodSpec likelihood = Likelihoods.of(family, FEATURES);
    return Specifications.of(variant.name(), encoder, LATENT, decoder, Activation.TANH, likelihood);
  }

  private static ComputationGraphConfiguration configuration(VaeSpec spec) {
    var base = new NeuralNetConfiguration.Builder().seed(17).updater(new Adam(0.01));
    return Variants.compose(spec, shape(spec), base);
  }

  private static VaeNetwork network(ComputationGraphConfiguration configuration) {
    return Variants.initialized(configuration);
  }

  private static RowShape shape(VaeSpec spec) {
    return Specifications.shape(spec, FEATURES);
  }

  private static INDArray x(VaeSpec spec) {
    int width = shape(spec).width();
    return Transforms.sigmoid(Noise.standardNormal(3, 8, width, DataType.FLOAT));
  }
}
