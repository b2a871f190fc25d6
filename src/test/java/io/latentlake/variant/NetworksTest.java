package io.latentlake.variant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Specifications;
import io.latentlake.nn.ElboTerms;
import io.latentlake.nn.GraphEngine;
import io.latentlake.nn.Noise;
import io.latentlake.nn.RowScores;
import io.latentlake.nn.TrainingStep;
import io.latentlake.nn.VaeEngine;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.nn.onednn.OneDnnEngine;
import io.latentlake.spec.Activation;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.NetworkSpec;
import io.latentlake.spec.NetworkSpec.Kind;
import io.latentlake.spec.NetworkSpec.Normalization;
import io.latentlake.spec.PriorSpec;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.spec.UpdaterSpec;
import io.latentlake.spec.VaeSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Convolutions, normalization and dropout inside the encoder and decoder of every variant. */
class NetworksTest {
  private static final List<Integer> IMAGE = List.of(2, 4, 4);
  private static final int FEATURES = 2 * 4 * 4;
  private static final int ROWS = 8;
  private static final UpdaterSpec UPDATER = new UpdaterSpec(UpdaterSpec.Kind.ADAM, 0.01);

  static Stream<VaeSpec> networks() {
    return Variants.all().stream()
        .flatMap(
            variant ->
                Stream.of(
                        network(Kind.MLP, Normalization.BATCH, 0.2),
                        network(Kind.MLP, Normalization.LAYER, 0),
                        network(Kind.CONVOLUTIONAL, Normalization.NONE, 0.2),
                        network(Kind.CONVOLUTIONAL, Normalization.BATCH, 0),
                        network(Kind.CONVOLUTIONAL, Normalization.LAYER, 0))
                    .filter(each -> each.kind() == Kind.MLP || !variant.isConditional())
                    .map(network -> spec(variant.name(), network)));
  }

  static Stream<VaeSpec> ofTheVae() {
    return networks().filter(spec -> spec.variant().equals("vae"));
  }

  private static NetworkSpec network(Kind kind, Normalization normalization, double dropout) {
    return new NetworkSpec(kind, IMAGE, List.of(3, 5), normalization, dropout);
  }

  private static VaeSpec spec(String variant, NetworkSpec network) {
    return spec(variant, Family.BERNOULLI, network);
  }

  private static VaeSpec spec(String variant, Family family, NetworkSpec network) {
    var likelihood = new LikelihoodSpec(family, 0.5);
    return Specifications.with(
        Specifications.of(variant, List.of(7), 3, List.of(6), Activation.ELU, likelihood), network);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theirSizeIsKnownBeforehandAndTheirOutputsAreRows(VaeSpec spec) {
    INDArray x = x(ROWS, shape(spec).width());
    try (VaeNetwork network = Variants.trainable(spec, shape(spec), UPDATER, 3);
        var scope = network.scope()) {
      assertEquals(network.parameters().length, Variants.parameterCount(spec, shape(spec)));
      INDArray posterior = network.encode(x);
      INDArray output = network.decode(network.posterior().mean(posterior), network.condition(x));
      assertArrayEquals(new long[] {ROWS, network.posterior().posteriorWidth()}, posterior.shape());
      assertArrayEquals(new long[] {ROWS, FEATURES}, output.shape());
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void trainTheSameFromTheirJsonAndFromTheirSeed(VaeSpec spec) {
    var base = new NeuralNetConfiguration.Builder().seed(17).updater(new Adam(0.01));
    ComputationGraphConfiguration configuration = Variants.compose(spec, shape(spec), base);
    var copy = ComputationGraphConfiguration.fromJson(configuration.toJson());
    INDArray x = x(ROWS, shape(spec).width());

    assertEquals(configuration, copy);
    assertEquals(configuration.clone(), copy);
    try (VaeNetwork network = Variants.initialized(configuration);
        VaeNetwork restored = Variants.initialized(copy)) {
      for (int step = 0; step < 3; step++) {
        assertEquals(network.train(x, step), restored.train(x, step));
      }
      assertArrayEquals(network.parameters(), restored.parameters());
      assertArrayEquals(network.updaterState(), restored.updaterState());
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void trainAndScoreOnTheGraph(VaeSpec spec) {
    try (VaeEngine engine = engine(spec)) {
      assertInstanceOf(GraphEngine.class, engine);
      double first = 0;
      double last = 0;
      for (int step = 0; step < 30; step++) {
        stage(engine, 1);
        last = trained(spec, engine.train(ROWS, new TrainingStep(step, step, 0.01)));
        first = step == 0 ? last : first;
      }
      assertTrue(last < first, first + " became " + last);
      assertScoresAreTheTrainedOnes(spec, engine);
    }
  }

  /** −ELBO; without its KL where an adversary stands in for that. */
  private static double trained(VaeSpec spec, ElboTerms loss) {
    return spec.variant().equals("adversarial-autoencoder") ? loss.reconstruction() : loss.loss();
  }

  /**
   * Another engine with the same weights gives the same scores, and has no others' rows in them.
   */
  private static void assertScoresAreTheTrainedOnes(VaeSpec spec, VaeEngine trained) {
    int latent = latent(spec);
    var expected = RowScores.allocate(ROWS, latent);
    stage(trained, 5);
    trained.score(expected);
    var settings =
        new ScoreSpec(0.01, ScoreSpec.Kind.DEVIANCE, 1, ROWS, ScoreSpec.Precision.FLOAT32);
    try (VaeEngine scoring =
        Variants.scoringEngine(spec, shape(spec), trained.parameters(), settings)) {
      var actual = RowScores.allocate(ROWS, latent);
      stage(scoring, 5);
      float[] row = Arrays.copyOf(scoring.staging(), shape(spec).width());
      scoring.score(actual);
      assertArrayEquals(expected.reconstructionError(), actual.reconstructionError());
      assertArrayEquals(expected.latent(), actual.latent());

      stage(scoring, 6);
      System.arraycopy(row, 0, scoring.staging(), 0, row.length);
      scoring.score(actual);
      assertEquals(expected.reconstructionError()[0], actual.reconstructionError()[0], 1e-4f);
    }
  }

  private static RowShape shape(VaeSpec spec) {
    return Specifications.shape(spec, FEATURES);
  }

  private static int latent(VaeSpec spec) {
    try (VaeNetwork network = Variants.trainable(spec, shape(spec), UPDATER, 3)) {
      return network.latent();
    }
  }

  private static VaeEngine engine(VaeSpec spec) {
    ComputationGraphConfiguration graph = Variants.trainableGraph(spec, shape(spec), UPDATER, 3);
    assertFalse(OneDnnEngine.runs(graph));
    return Variants.trainingEngine(graph, shape(spec).width(), UPDATER.kind(), ROWS);
  }

  /** DL4J computes convolutions of floats by other code than those of doubles. */
  @ParameterizedTest
  @MethodSource("ofTheVae")
  void floatsDescendTheGradientOfDoubles(VaeSpec spec) {
    INDArray one = gradient(spec, DataType.FLOAT).castTo(DataType.DOUBLE);
    INDArray other = gradient(spec, DataType.DOUBLE);

    double difference = one.sub(other).norm2Number().doubleValue();
    assertTrue(difference < 1e-3 * other.norm2Number().doubleValue(), "differs by " + difference);
  }

  private static INDArray gradient(VaeSpec spec, DataType type) {
    var base = new NeuralNetConfiguration.Builder().seed(17).dataType(type);
    try (VaeNetwork network =
        Variants.initialized(Variants.compose(spec, RowShape.of(FEATURES), base))) {
      var graph = network.graph();
      graph.params().assign(Noise.standardNormal(4, 1, graph.numParams(), type).muli(0.3));
      INDArray x = x(ROWS, FEATURES).castTo(type);
      var labels = new INDArray[graph.getNumOutputArrays()];
      Arrays.fill(labels, x);
      network.setNoiseSeed(2);
      graph.setInputs(x);
      graph.setLabels(labels);
      graph.computeGradientAndScore();
      return graph.getFlattenedGradients().dup();
    }
  }

  /** Images that are usual: each convolution halves, each transposed one doubles. */
  @Test
  void imagesOfMnistAndInColourComeOutAsLargeAsTheyWentIn() {
    assertShapes(List.of(1, 28, 28), 14, 7);
    assertShapes(List.of(3, 32, 32), 16, 8);
  }

  private static void assertShapes(List<Integer> image, int half, int quarter) {
    var network = new NetworkSpec(Kind.CONVOLUTIONAL, image, List.of(4, 6), Normalization.NONE, 0);
    VaeSpec spec = spec("vae", Family.GAUSSIAN_LEARNED_VARIANCE, network);
    int features = image.get(0) * image.get(1) * image.get(2);
    INDArray x = x(2, features);
    try (VaeNetwork vae = Variants.trainable(spec, RowShape.of(features), UPDATER, 3)) {
      Map<String, INDArray> values = vae.graph().feedForward(x, false);
      assertArrayEquals(new long[] {2, 4, half, half}, values.get("encoder-convolution-0").shape());
      assertArrayEquals(
          new long[] {2, 6, quarter, quarter}, values.get("encoder-convolution-1").shape());
      assertArrayEquals(new long[] {2, 4, half, half}, values.get("decoder-convolution-0").shape());
      assertArrayEquals(
          new long[] {2, 2 * image.get(0), image.get(1), image.get(2)},
          values.get("decoder-pixels").shape());
      assertArrayEquals(new long[] {2, 2 * features}, values.get(VaeNetwork.OUTPUT).shape());
    }
  }

  @Test
  void aConditionIsNoPartOfAnImage() {
    VaeSpec spec = spec("conditional-vae", network(Kind.CONVOLUTIONAL, Normalization.NONE, 0));
    var error =
        assertThrows(InvalidInputException.class, () -> Variants.parameterCount(spec, shape(spec)));
    assertTrue(error.getMessage().contains("use mlp"), error.getMessage());
  }

  @Test
  void aRowIsReadChannelByChannelAndLineByLine() {
    VaeSpec spec = spec("vae", network(Kind.CONVOLUTIONAL, Normalization.NONE, 0));
    INDArray x = x(1, FEATURES);
    try (VaeNetwork network = Variants.trainable(spec, RowShape.of(FEATURES), UPDATER, 3)) {
      INDArray image = network.graph().feedForward(x, false).get("encoder-image");
      assertEquals(x.getFloat(0, 1 * 16 + 2 * 4 + 3), image.getFloat(0, 1, 2, 3));
    }
  }

  @Test
  void batchNormalizationScoresWithWhatItSawInTraining() {
    VaeSpec spec = spec("vae", network(Kind.CONVOLUTIONAL, Normalization.BATCH, 0));
    INDArray x = x(64, FEATURES);
    try (VaeNetwork network = Variants.trainable(spec, RowShape.of(FEATURES), UPDATER, 3)) {
      network.graph().setLearningRate(1e-9);
      for (int step = 0; step < 100; step++) {
        network.train(x, step);
      }
      // The weights stand still, so that the running mean is the batch's.
      INDArray convolved =
          network.graph().feedForward(x, false).get("encoder-convolution-0"); // [64, 3, 2, 2]
      INDArray running =
          network
              .graph()
              .getLayer("encoder-convolution-0-normalized")
              .getParam(BatchNormalizationParamInitializer.GLOBAL_MEAN);
      assertArrayEquals(
          convolved.mean(0, 2, 3).toFloatVector(), running.ravel().toFloatVector(), 1e-3f);
      assertNotEquals(0, running.norm2Number().doubleValue(), 1e-2);
    }
  }

  /** Such as the last one of an epoch: its variance is 0. */
  @Test
  void batchNormalizationBearsABatchOfASingleRow() {
    for (Kind kind : Kind.values()) {
      try (VaeEngine engine = engine(spec("vae", network(kind, Normalization.BATCH, 0)))) {
        stage(engine, 1);
        for (int step = 0; step < 40; step++) {
          int rows = step % 10 == 9 ? 1 : ROWS;
          double loss = engine.train(rows, new TrainingStep(step, step, 0.01)).loss();
          assertTrue(Double.isFinite(loss), kind + " at step " + step);
        }
        assertTrue(Double.isFinite(engine.loss(ROWS, 1).loss()), kind + " in the end");
      }
    }
  }

  @Test
  void aMixtureAsPriorFindsTheWidthOfTheImages() {
    for (PriorSpec.Family family : List.of(PriorSpec.Family.MIXTURE, PriorSpec.Family.VAMP)) {
      VaeSpec spec =
          Specifications.with(
              spec("vae", network(Kind.CONVOLUTIONAL, Normalization.BATCH, 0)),
              new PriorSpec(family, 4));
      try (VaeNetwork network = Variants.trainable(spec, RowShape.of(FEATURES), UPDATER, 3)) {
        assertArrayEquals(new long[] {5, 3}, network.prior().sample(5, 3, 1).shape());
      }
    }
  }

  @Test
  void rowsThatAreNoSuchImagesAreRefused() {
    VaeSpec spec = spec("vae", network(Kind.CONVOLUTIONAL, Normalization.NONE, 0));
    var failure =
        assertThrows(
            InvalidInputException.class,
            () -> Variants.parameterCount(spec, RowShape.of(FEATURES + 1)));
    assertTrue(
        failure.getMessage().contains("model.network.image = [2, 4, 4]: has 32 values"),
        failure.getMessage());
  }

  private static INDArray x(int rows, int features) {
    return Transforms.sigmoid(Noise.standardNormal(3, rows, features, DataType.FLOAT));
  }

  private static void stage(VaeEngine engine, long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < engine.staging().length; i++) {
      engine.staging()[i] = (float) random.nextDouble();
    }
  }
}
