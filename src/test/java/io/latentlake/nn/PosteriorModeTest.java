package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Specifications;
import io.latentlake.spec.Activation;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.NetworkSpec;
import io.latentlake.spec.NetworkSpec.Kind;
import io.latentlake.spec.NetworkSpec.Normalization;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.VaeSpec;
import io.latentlake.variant.Variants;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The search for z against finite differences, and against the closed form of a linear model. */
class PosteriorModeTest {
  private static final int ROWS = 3;
  private static final int FEATURES = 5;
  private static final double VARIANCE = 0.3;

  private static VaeNetwork network(VaeSpec spec) {
    var random = new Random(5);
    var weights = new float[(int) Variants.parameterCount(spec, RowShape.of(FEATURES))];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (0.7 * random.nextGaussian());
    }
    return Variants.trained(spec, RowShape.of(FEATURES), weights);
  }

  private static VaeSpec spec(String variant, List<Integer> hidden, int latent, Family family) {
    return Specifications.of(
        variant, hidden, latent, hidden, Activation.TANH, new LikelihoodSpec(family, VARIANCE));
  }

  /** Every likelihood, and layers that training treats in another way. */
  static Stream<VaeSpec> decoders() {
    VaeSpec gaussian = spec("vae", List.of(7, 6), 2, Family.GAUSSIAN);
    var layers = new NetworkSpec(Kind.MLP, List.of(), List.of(), Normalization.LAYER, 0.4);
    return Stream.concat(
        Stream.of(Family.values())
            .filter(family -> family != Family.AUTO)
            .filter(family -> family != Family.MIXED)
            .map(family -> spec("vae", List.of(7, 6), 2, family)),
        Stream.of(
            spec("iwae", List.of(6), 2, Family.GAUSSIAN), Specifications.with(gaussian, layers)));
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void latentGradientMatchesFiniteDifferences(VaeSpec spec) {
    INDArray x = Noise.standardNormal(3, ROWS, FEATURES, DataType.FLOAT);
    float[] z = {0.3f, -1.2f, 0.8f, 0.1f, 2, -0.4f};
    float step = 1e-2f;
    try (VaeNetwork network = network(spec)) {
      float[] slope;
      try (var scope = network.scope()) {
        slope =
            new LatentGradient(network)
                .at(rows(z), output -> network.likelihood().gradient(output, x))
                .reshape(z.length)
                .toFloatVector();
      }
      for (int i = 0; i < z.length; i++) {
        float[] above = z.clone();
        float[] below = z.clone();
        above[i] += step;
        below[i] -= step;
        double expected = (nats(network, above, x) - nats(network, below, x)) / (2 * step);
        assertEquals(expected, slope[i], 2e-2 * Math.max(1, Math.abs(expected)), "dz " + i);
      }
    }
  }

  private static INDArray rows(float[] z) {
    return Nd4j.createFromArray(z).reshape('c', ROWS, z.length / ROWS);
  }

  private static double nats(VaeNetwork network, float[] z, INDArray x) {
    try (var scope = network.scope()) {
      return network.likelihood().rows(network.decode(rows(z)), x).sumNumber().doubleValue();
    }
  }

  /** x = wz + b + ε with one z: its posterior given some features is Gaussian. */
  @Test
  void linearModelGivesTheConditionalExpectation() {
    try (VaeNetwork network = network(spec("vae", List.of(), 1, Family.GAUSSIAN))) {
      float[] bias = decoded(network, 0);
      float[] atOne = decoded(network, 1);
      INDArray x = Noise.standardNormal(4, ROWS, FEATURES, DataType.FLOAT);
      INDArray observed = Nd4j.ones(DataType.FLOAT, ROWS, FEATURES);
      observed.putScalar(0, 1, 0);
      observed.putScalar(1, 0, 0);
      observed.putScalar(1, 4, 0);

      float[] found = new PosteriorMode(network).expected(x, observed, 400);

      for (int row = 0; row < ROWS; row++) {
        double projection = 0;
        double precision = VARIANCE;
        for (int i = 0; i < FEATURES; i++) {
          double weight = atOne[i] - bias[i];
          if (observed.getDouble(row, i) == 1) {
            projection += weight * (x.getDouble(row, i) - bias[i]);
            precision += weight * weight;
          }
        }
        for (int i = 0; i < FEATURES; i++) {
          double expected = bias[i] + (atOne[i] - bias[i]) * projection / precision;
          assertEquals(expected, found[row * FEATURES + i], 2e-3);
        }
      }
    }
  }

  private static float[] decoded(VaeNetwork network, float z) {
    try (var scope = network.scope()) {
      INDArray output = network.decode(Nd4j.createFromArray(new float[][] {{z}}));
      return network.likelihood().mean(output).reshape(FEATURES).toFloatVector();
    }
  }

  @Test
  void missingFeaturesHaveNoSay() {
    INDArray x = Noise.standardNormal(4, ROWS, FEATURES, DataType.FLOAT);
    INDArray observed = Nd4j.ones(DataType.FLOAT, ROWS, FEATURES);
    observed.putScalar(0, 1, 0);
    INDArray other = x.dup();
    other.putScalar(0, 1, x.getDouble(0, 1) + 0.5);
    try (VaeNetwork network = network(spec("vae", List.of(7), 1, Family.GAUSSIAN))) {
      var mode = new PosteriorMode(network);
      float[] one = mode.expected(x, observed, 500);
      float[] another = mode.expected(other, observed, 500);
      for (int i = 0; i < one.length; i++) {
        assertEquals(one[i], another[i], 5e-3);
      }
    }
  }

  @Test
  void modelsWhoseRowsHaveNoGradientOfTheirOwnAreRefused() {
    var batches = new NetworkSpec(Kind.MLP, List.of(), List.of(), Normalization.BATCH, 0);
    for (VaeSpec spec :
        List.of(
            spec("discrete-vae", List.of(7), 2, Family.GAUSSIAN),
            Specifications.with(spec("vae", List.of(7), 2, Family.GAUSSIAN), batches))) {
      try (VaeNetwork network = network(spec)) {
        var refusal = assertThrows(InvalidInputException.class, () -> new PosteriorMode(network));
        assertTrue(refusal.getMessage().contains("layer normalization"), refusal.getMessage());
      }
    }
  }
}
