package io.latentlake.variant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.latentlake.Likelihoods;
import io.latentlake.Specifications;
import io.latentlake.nn.ElboTerms;
import io.latentlake.nn.GraphEngine;
import io.latentlake.nn.RowScores;
import io.latentlake.nn.TrainingStep;
import io.latentlake.nn.VaeEngine;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.nn.onednn.OneDnn;
import io.latentlake.nn.onednn.OneDnnEngine;
import io.latentlake.spec.Activation;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.PenaltySpec;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.ScoreSpec.Precision;
import io.latentlake.spec.UpdaterSpec;
import io.latentlake.spec.VaeSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Sgd;

/** The oneDNN engine against the DL4J graph: same weights, same rows, same noise, same numbers. */
class EnginesTest {
  private static final int FEATURES = 37;
  private static final int BATCH = 24;
  private static final Set<Family> COMPILED = EnumSet.complementOf(EnumSet.of(Family.AUTO));

  /** One network and updater to compare the engines on. */
  record Case(VaeSpec spec, UpdaterSpec updater) {
    @Override
    public String toString() {
      return spec.variant()
          + " "
          + spec.likelihood().family()
          + " "
          + spec.activation()
          + " "
          + updater.kind();
    }
  }

  static List<Case> cases() {
    var cases = new ArrayList<Case>();
    for (Family family : COMPILED) {
      for (Activation activation : Activation.values()) {
        cases.add(new Case(spec(family, activation), updater(UpdaterSpec.Kind.ADAM)));
      }
      cases.add(new Case(spec(family, Activation.RELU), updater(UpdaterSpec.Kind.RMSPROP)));
      cases.add(new Case(spec(family, Activation.TANH), updater(UpdaterSpec.Kind.SGD)));
      VaeSpec conditional = spec("conditional-vae", family, Activation.RELU);
      // Adam would enlarge what is rounded where a gradient is nearly 0.
      cases.add(new Case(conditional, updater(UpdaterSpec.Kind.SGD)));
    }
    cases.add(
        new Case(
            Specifications.of(
                "vae",
                List.of(),
                3,
                List.of(),
                Activation.RELU,
                new LikelihoodSpec(Family.GAUSSIAN, 0.5)),
            updater(UpdaterSpec.Kind.ADAM)));
    for (PenaltySpec penalty :
        List.of(
            new PenaltySpec(4, 0, 1, 0, 0),
            new PenaltySpec(2, 3, 2, 0, 0),
            new PenaltySpec(1, 0, 1, 0.05, 0),
            new PenaltySpec(3, 4, 1, 0, 0.5))) {
      var weighed =
          Specifications.with(spec("beta-vae", Family.BERNOULLI, Activation.TANH), penalty);
      cases.add(new Case(weighed, updater(UpdaterSpec.Kind.ADAM)));
    }
    for (String variant : List.of("vae", "conditional-vae")) {
      var trimmed = Specifications.trimmed(spec(variant, Family.GAUSSIAN, Activation.TANH), 0.2);
      cases.add(new Case(trimmed, updater(UpdaterSpec.Kind.ADAM)));
    }
    cases.add(
        new Case(
            spec("autoencoder", Family.GAUSSIAN, Activation.RELU), updater(UpdaterSpec.Kind.ADAM)));
    return cases;
  }

  private static VaeSpec spec(Family family, Activation activation) {
    return spec("vae", family, activation);
  }

  private static VaeSpec spec(String variant, Family family, Activation activation) {
    return Specifications.of(
        variant, List.of(19, 11), 5, List.of(13), activation, Likelihoods.of(family, FEATURES));
  }

  private static UpdaterSpec updater(UpdaterSpec.Kind kind) {
    return new UpdaterSpec(kind, kind == UpdaterSpec.Kind.SGD ? 1e-3 : 1e-2);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trainTheSameWeights(Case each) {
    try (VaeEngine fast = oneDnn(each);
        VaeEngine plain = graph(each)) {
      // One full batch, one short one: rows that only fill it up must not move the weights.
      for (int iteration = 0; iteration < 6; iteration++) {
        int rows = iteration % 2 == 0 ? BATCH : BATCH - 7;
        stage(fast, iteration);
        stage(plain, iteration);
        var step = new TrainingStep(100 + iteration, iteration, each.updater().learningRate());
        ElboTerms one = fast.train(rows, step);
        ElboTerms other = plain.train(rows, step);
        assertEquals(other.reconstruction(), one.reconstruction(), tolerance(other));
        assertEquals(other.kl(), one.kl(), tolerance(other));
      }
      assertArrayEquals(plain.parameters(), fast.parameters(), 2e-4f);
      assertArrayEquals(plain.updaterState(), fast.updaterState(), 2e-3f);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void giveTheSameLoss(Case each) {
    try (VaeEngine fast = oneDnn(each);
        VaeEngine plain = graph(each)) {
      stage(fast, 3);
      stage(plain, 3);
      ElboTerms one = fast.loss(BATCH - 5, 42);
      ElboTerms other = plain.loss(BATCH - 5, 42);
      assertEquals(other.reconstruction(), one.reconstruction(), tolerance(other));
      assertEquals(other.kl(), one.kl(), tolerance(other));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trainTheSameWeightsWhereTargetsAreOtherRows(Case each) {
    // Its gradient jumps where a residual changes sign, and rounding decides on which side it is.
    assumeFalse(each.spec().likelihood().family() == Family.LAPLACE);
    try (VaeEngine fast = oneDnn(each);
        VaeEngine plain = graph(each)) {
      var targets = new float[fast.staging().length];
      var random = new SplittableRandom(11);
      for (int i = 0; i < targets.length; i++) {
        targets[i] = (float) random.nextDouble();
      }
      for (int iteration = 0; iteration < 4; iteration++) {
        stage(fast, iteration);
        stage(plain, iteration);
        var step = new TrainingStep(iteration, iteration, each.updater().learningRate());
        ElboTerms one = fast.train(BATCH - iteration, targets, step);
        ElboTerms other = plain.train(BATCH - iteration, targets, step);
        assertEquals(other.reconstruction(), one.reconstruction(), tolerance(other));
        // The rows themselves are no targets any more.
        assertNotEquals(plain.loss(BATCH - iteration, iteration), one);
      }
      assertArrayEquals(plain.parameters(), fast.parameters(), 2e-4f);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void giveTheSameReconstructions(Case each) {
    try (VaeEngine fast = scoring(each, Precision.FLOAT32);
        VaeEngine plain = graph(each)) {
      fast.setParameters(weights(each));
      var one = new float[BATCH * FEATURES];
      var other = new float[BATCH * FEATURES];
      var scores = RowScores.allocate(BATCH, each.spec().latent());
      stage(fast, 4);
      stage(plain, 4);
      fast.reconstruct(one);
      plain.reconstruct(other);
      assertClose(other, one);
      // What the squared error is measured of.
      fast.score(scores);
      for (int row = 0; row < BATCH; row++) {
        double sum = 0;
        for (int i = 0; i < FEATURES; i++) {
          double residual = one[row * FEATURES + i] - fast.staging()[row * shape(each).width() + i];
          sum += residual * residual;
        }
        assertEquals(scores.squaredError()[row], sum, 1e-4 * (1 + sum));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void giveTheSameScores(Case each) {
    float[] weights = weights(each);
    try (VaeEngine fast = scoring(each, Precision.FLOAT32);
        VaeEngine plain = graph(each)) {
      fast.setParameters(weights);
      stage(fast, 4);
      stage(plain, 4);
      int latent = each.spec().latent();
      var one = RowScores.allocate(BATCH, latent, FEATURES);
      var other = RowScores.allocate(BATCH, latent, FEATURES);
      fast.score(one);
      plain.score(other);
      assertClose(other.reconstructionError(), one.reconstructionError());
      assertClose(other.squaredError(), one.squaredError());
      assertClose(other.deviance(), one.deviance());
      assertClose(other.expectedDeviance(), one.expectedDeviance());
      assertClose(other.featureDeviance(), one.featureDeviance());
      assertClose(other.mean(), one.mean());
      assertClose(other.kl(), one.kl());
      assertClose(other.latent(), one.latent());
    }
  }

  /** Logits and log-variances in the thousands, where a softplus or a product could overflow. */
  @ParameterizedTest
  @MethodSource("cases")
  void giveTheSameErrorsFarFromZero(Case each) {
    float[] weights = weights(each);
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= 20;
    }
    try (VaeEngine fast = scoring(each, Precision.FLOAT32);
        VaeEngine plain = graph(each)) {
      var one = RowScores.allocate(BATCH, each.spec().latent());
      var other = RowScores.allocate(BATCH, each.spec().latent());
      for (VaeEngine engine : List.of(fast, plain)) {
        engine.setParameters(weights);
        stage(engine, 4);
        engine.score(engine == fast ? one : other);
      }
      for (int row = 0; row < BATCH; row++) {
        float expected = other.reconstructionError()[row];
        assertTrue(Float.isFinite(expected));
        assertEquals(expected, one.reconstructionError()[row], 1e-4 * (1 + Math.abs(expected)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void differByLessThanAHundredthInBfloat16(Case each) {
    assumeTrue(OneDnn.hasBfloat16(), "this CPU has no bfloat16 products");
    try (VaeEngine rounded = scoring(each, Precision.BFLOAT16);
        VaeEngine exact = scoring(each, Precision.FLOAT32)) {
      var one = RowScores.allocate(BATCH, each.spec().latent());
      var other = RowScores.allocate(BATCH, each.spec().latent());
      for (VaeEngine engine : List.of(rounded, exact)) {
        engine.setParameters(weights(each));
        stage(engine, 4);
        engine.score(engine == rounded ? one : other);
      }
      assertFalse(Arrays.equals(one.latent(), other.latent()), "nothing was rounded");
      for (int row = 0; row < BATCH; row++) {
        float expected = other.reconstructionError()[row];
        // Of a whole nat at least: −log p of a density passes through 0.
        double tolerance = 1e-2 * Math.max(1, Math.abs(expected));
        assertEquals(expected, one.reconstructionError()[row], tolerance);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Family.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void areChosenByTheLikelihood(Family family) {
    var each = new Case(spec(family, Activation.RELU), updater(UpdaterSpec.Kind.SGD));
    assertEquals(COMPILED.contains(family), OneDnnEngine.runs(configuration(each)));
  }

  @Test
  void resumeFromAStateAsIfNothingHadHappened() {
    Case each = cases().get(0);
    try (VaeEngine through = oneDnn(each);
        VaeEngine before = oneDnn(each);
        VaeEngine after = oneDnn(each)) {
      train(through, each, 0, 4);
      train(before, each, 0, 2);
      after.setParameters(before.parameters());
      after.setUpdaterState(before.updaterState());
      train(after, each, 2, 4);
      assertArrayEquals(through.parameters(), after.parameters());
    }
  }

  private static void train(VaeEngine engine, Case each, int from, int to) {
    for (int i = from; i < to; i++) {
      stage(engine, i);
      engine.train(BATCH, new TrainingStep(i, i, each.updater().learningRate()));
    }
  }

  private static VaeEngine oneDnn(Case each) {
    var configuration = configuration(each);
    assertTrue(OneDnnEngine.runs(configuration));
    VaeEngine engine =
        OneDnnEngine.training(configuration, shape(each).width(), BATCH, each.updater().kind());
    engine.setParameters(weights(each));
    try (VaeEngine fresh = graph(each)) {
      engine.setUpdaterState(fresh.updaterState());
    }
    return engine;
  }

  private static VaeEngine scoring(Case each, Precision precision) {
    return OneDnnEngine.scoring(configuration(each), shape(each).width(), BATCH, precision);
  }

  private static VaeEngine graph(Case each) {
    return new GraphEngine(
        Variants.trainable(each.spec(), shape(each), each.updater(), 7),
        shape(each).width(),
        BATCH);
  }

  private static RowShape shape(Case each) {
    return Specifications.shape(each.spec(), FEATURES);
  }

  private static float[] weights(Case each) {
    try (VaeNetwork network = Variants.trainable(each.spec(), shape(each), each.updater(), 7)) {
      return network.parameters();
    }
  }

  private static ComputationGraphConfiguration configuration(Case each) {
    var base = new NeuralNetConfiguration.Builder().seed(7).updater(new Sgd(1));
    return Variants.compose(each.spec(), shape(each), base);
  }

  private static void stage(VaeEngine engine, long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < engine.staging().length; i++) {
      engine.staging()[i] = (float) random.nextDouble();
    }
  }

  private static double tolerance(ElboTerms terms) {
    return 2e-5 * (1 + Math.abs(terms.reconstruction()));
  }

  private static void assertClose(float[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 2e-5 * (1 + Math.abs(expected[i])), "element " + i);
    }
  }
}
