package io.latentlake.variant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Likelihoods;
import io.latentlake.Specifications;
import io.latentlake.nn.ElboTerms;
import io.latentlake.nn.GraphEngine;
import io.latentlake.nn.RowScores;
import io.latentlake.nn.TrainingStep;
import io.latentlake.nn.VaeEngine;
import io.latentlake.nn.onednn.OneDnnEngine;
import io.latentlake.spec.Activation;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.ScoreSpec.Precision;
import io.latentlake.spec.UpdaterSpec;
import io.latentlake.spec.VaeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Sgd;

/** The oneDNN engine against the DL4J graph where features are missing. */
class MaskedEnginesTest {
  private static final int FEATURES = 13;
  private static final int BATCH = 24;
  private static final UpdaterSpec UPDATER = new UpdaterSpec(UpdaterSpec.Kind.SGD, 1e-3);

  static List<VaeSpec> specs() {
    var specs = new ArrayList<VaeSpec>();
    for (Family family : Family.values()) {
      // The one that has no terms feature by feature stays with the graph.
      if (family != Family.AUTO && family != Family.CONTINUOUS_BERNOULLI) {
        specs.add(spec("vae", family));
        specs.add(spec("conditional-vae", family));
      }
    }
    return specs;
  }

  private static VaeSpec spec(String variant, Family family) {
    return Specifications.of(
        variant, List.of(19), 5, List.of(11), Activation.RELU, Likelihoods.of(family, FEATURES));
  }

  private static RowShape shape(VaeSpec spec) {
    return new RowShape(FEATURES, Specifications.shape(spec, FEATURES).condition(), true);
  }

  private static VaeEngine graph(VaeSpec spec) {
    RowShape shape = shape(spec);
    return new GraphEngine(Variants.trainable(spec, shape, UPDATER, 7), shape.width(), BATCH);
  }

  private static ComputationGraphConfiguration configuration(VaeSpec spec) {
    var base = new NeuralNetConfiguration.Builder().seed(7).updater(new Sgd(1));
    return Variants.compose(spec, shape(spec), base);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void trainAndScoreTheSame(VaeSpec spec) {
    assertTrue(OneDnnEngine.runs(configuration(spec)));
    try (VaeEngine plain = graph(spec);
        VaeEngine fast =
            OneDnnEngine.training(
                configuration(spec), shape(spec).width(), BATCH, UPDATER.kind())) {
      fast.setParameters(plain.parameters());
      for (int iteration = 0; iteration < 4; iteration++) {
        int rows = BATCH - 3 * iteration;
        stage(fast, iteration, spec);
        stage(plain, iteration, spec);
        var step = new TrainingStep(iteration, iteration, UPDATER.learningRate());
        assertClose(plain.train(rows, step), fast.train(rows, step));
        assertClose(plain.loss(rows, 9), fast.loss(rows, 9));
      }
      assertArrayEquals(plain.parameters(), fast.parameters(), 2e-4f);
      assertSameScores(spec, plain);
    }
  }

  /** As a fill value is: no exponential overflows, in either engine. */
  @ParameterizedTest
  @MethodSource("gaussian")
  void surviveNumbersThousandsOfDeviationsOff(VaeSpec spec) {
    try (VaeEngine plain = graph(spec);
        VaeEngine fast =
            OneDnnEngine.training(
                configuration(spec), shape(spec).width(), BATCH, UPDATER.kind())) {
      fast.setParameters(plain.parameters());
      for (VaeEngine engine : List.of(plain, fast)) {
        stage(engine, 3, spec);
        for (int i = 0; i < FEATURES; i++) {
          engine.staging()[i] = i % 2 == 0 ? 1e4f : -1e4f;
        }
      }
      assertClose(plain.loss(BATCH, 9), fast.loss(BATCH, 9));
    }
  }

  static Stream<VaeSpec> gaussian() {
    return specs().stream()
        .filter(spec -> spec.likelihood().family().name().startsWith("GAUSSIAN"));
  }

  private static void assertSameScores(VaeSpec spec, VaeEngine plain) {
    try (VaeEngine fast =
        OneDnnEngine.scoring(configuration(spec), shape(spec).width(), BATCH, Precision.FLOAT32)) {
      fast.setParameters(plain.parameters());
      var one = RowScores.allocate(BATCH, spec.latent(), FEATURES);
      var other = RowScores.allocate(BATCH, spec.latent(), FEATURES);
      stage(fast, 5, spec);
      stage(plain, 5, spec);
      fast.score(one);
      plain.score(other);
      assertArrayEquals(other.reconstructionError(), one.reconstructionError(), 1e-3f);
      assertArrayEquals(other.squaredError(), one.squaredError(), 1e-3f);
      assertArrayEquals(other.deviance(), one.deviance(), 1e-3f);
      assertArrayEquals(other.expectedDeviance(), one.expectedDeviance(), 1e-3f);
      assertArrayEquals(other.featureDeviance(), one.featureDeviance(), 1e-3f);
      assertArrayEquals(other.mean(), one.mean(), 1e-4f);
      assertArrayEquals(other.latent(), one.latent(), 1e-4f);
    }
  }

  private static void assertClose(ElboTerms expected, ElboTerms actual) {
    double tolerance = 2e-5 * (1 + Math.abs(expected.reconstruction()));
    assertTrue(Double.isFinite(expected.loss()));
    assertEquals(expected.reconstruction(), actual.reconstruction(), tolerance);
    assertEquals(expected.kl(), actual.kl(), tolerance);
  }

  /** A quarter of the features is missing, and none of a condition. */
  private static void stage(VaeEngine engine, long seed, VaeSpec spec) {
    var random = new SplittableRandom(seed);
    int width = shape(spec).width();
    for (int i = 0; i < engine.staging().length; i++) {
      float value = (float) random.nextDouble();
      boolean missing = i % width < FEATURES && random.nextInt(4) == 0;
      engine.staging()[i] = missing ? Float.NaN : value;
    }
  }
}
