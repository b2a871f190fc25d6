package io.latentlake.nn;

import static org.deeplearning4j.nn.params.DefaultParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.DefaultParamInitializer.WEIGHT_KEY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/**
 * {@link RowMajorDense} against central finite differences in double precision, and in single
 * precision against DL4J's own dense layer with the same weights.
 */
class RowMajorDenseGradientTest {
  private static final int IN = 6;
  private static final int OUT = 5;
  private static final LayerWorkspaceMgr NONE = LayerWorkspaceMgr.noWorkspaces();

  /** DL4J's layer comes first, so that its weights' gradient tells about our input gradient. */
  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU", "TANH", "ELU", "SWISH", "IDENTITY"})
  void graphGradientMatchesFiniteDifferences(Activation activation) {
    var builder =
        new NeuralNetConfiguration.Builder().seed(3).dataType(DataType.DOUBLE).graphBuilder();
    var configuration =
        builder
            .addInputs("x")
            .addLayer("before", dl4j(IN, IN, Activation.TANH), "x")
            .addLayer("ours", new RowMajorDense(IN, OUT, activation, false), "before")
            .addLayer("loss", new LossLayer.Builder(new LossL2()).build(), "ours")
            .setOutputs("loss")
            .build();
    var graph = new ComputationGraph(configuration);
    graph.init();
    int rows = 4;
    INDArray x = Noise.standardNormal(5, rows, IN, DataType.DOUBLE);
    INDArray y = Noise.standardNormal(6, rows, OUT, DataType.DOUBLE);

    score(graph, x, y);

    INDArray gradient = graph.getFlattenedGradients().dup();
    FiniteDifferences.assertGradient(graph.params(), gradient, () -> rows * score(graph, x, y));
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU", "TANH", "ELU", "SWISH", "IDENTITY"})
  void inputGradientMatchesFiniteDifferences(Activation activation) {
    Layer layer = alone(new RowMajorDense(IN, OUT, activation, false), DataType.DOUBLE);
    INDArray x = Noise.standardNormal(5, 4, IN, DataType.DOUBLE);
    INDArray epsilon = Noise.standardNormal(6, 4, OUT, DataType.DOUBLE);

    layer.activate(x, true, NONE);
    INDArray gradient = layer.backpropGradient(epsilon, NONE).getSecond();

    FiniteDifferences.assertGradient(
        x, gradient, () -> layer.activate(x, true, NONE).mul(epsilon).sumNumber().doubleValue());
  }

  @ParameterizedTest
  @CsvSource({
    "RELU, 7, c",
    "TANH, 7, c",
    "ELU, 7, c",
    "SWISH, 7, c",
    "IDENTITY, 7, c",
    "RELU, 1, c",
    "TANH, 1, f",
    "SWISH, 7, f",
    "ELU, 64, c"
  })
  void forwardAndBackwardMatchDl4jsDenseLayer(Activation activation, int rows, char order) {
    Layer theirs = alone(dl4j(IN, OUT, activation), DataType.FLOAT);
    Layer ours = alone(new RowMajorDense(IN, OUT, activation, false), DataType.FLOAT);
    randomize(theirs);
    ours.setParams(theirs.params().dup());
    INDArray x = Noise.standardNormal(5, rows, IN, DataType.FLOAT).dup(order);
    INDArray epsilon = Noise.standardNormal(6, rows, OUT, DataType.FLOAT).dup(order);

    assertClose(theirs.activate(x, true, NONE), ours.activate(x, true, NONE), "training");
    var expected = theirs.backpropGradient(epsilon.dup(), NONE);
    var actual = ours.backpropGradient(epsilon, NONE);

    assertClose(expected.getSecond(), actual.getSecond(), "input gradient");
    for (String key : new String[] {WEIGHT_KEY, BIAS_KEY}) {
      assertClose(
          expected.getFirst().getGradientFor(key), actual.getFirst().getGradientFor(key), key);
    }
    assertClose(theirs.activate(x, false, NONE), ours.activate(x, false, NONE), "inference");
    assertEquals(Noise.standardNormal(5, rows, IN, DataType.FLOAT), x, "the input is kept");
    assertEquals(Noise.standardNormal(6, rows, OUT, DataType.FLOAT), epsilon, "so is epsilon");
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU", "IDENTITY"})
  void firstLayerHasTheSameWeightGradientAndNoInputGradient(Activation activation) {
    Layer inner = alone(new RowMajorDense(IN, OUT, activation, false), DataType.FLOAT);
    Layer first = alone(new RowMajorDense(IN, OUT, activation, true), DataType.FLOAT);
    first.setParams(inner.params().dup());
    INDArray x = Noise.standardNormal(5, 7, IN, DataType.FLOAT);
    INDArray epsilon = Noise.standardNormal(6, 7, OUT, DataType.FLOAT);

    inner.activate(x, true, NONE);
    first.activate(x, true, NONE);
    var expected = inner.backpropGradient(epsilon, NONE);
    var actual = first.backpropGradient(epsilon, NONE);

    assertNull(actual.getSecond());
    assertEquals(expected.getFirst().gradient(), actual.getFirst().gradient());
  }

  private static DenseLayer dl4j(int in, int out, Activation activation) {
    return new DenseLayer.Builder().nIn(in).nOut(out).activation(activation).build();
  }

  /** The layer as the graph makes it, with a view for its gradients. */
  private static Layer alone(FeedForwardLayer layer, DataType type) {
    var configuration =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .dataType(type)
            .graphBuilder()
            .addInputs("x")
            .addLayer("layer", layer, "x")
            .addLayer("loss", new LossLayer.Builder(new LossL2()).build(), "layer")
            .setOutputs("loss")
            .build();
    var graph = new ComputationGraph(configuration);
    graph.init();
    graph.initGradientsView();
    return graph.getLayer("layer");
  }

  /** Biases start at 0, where a missing bias would go unnoticed. */
  private static void randomize(Layer layer) {
    INDArray parameters = layer.params();
    parameters.assign(
        Noise.standardNormal(9, 1, parameters.length(), DataType.FLOAT)
            .reshape(parameters.shape()));
  }

  private static double score(ComputationGraph graph, INDArray x, INDArray y) {
    graph.setInputs(x);
    graph.setLabels(y);
    graph.computeGradientAndScore();
    return graph.score();
  }

  private static void assertClose(INDArray expected, INDArray actual, String what) {
    assertArrayEquals(expected.shape(), actual.shape(), what);
    double scale = Math.max(1, Nd4j.max(expected).getDouble(0));
    double[] wanted = expected.dup('c').ravel().toDoubleVector();
    assertArrayEquals(wanted, actual.dup('c').ravel().toDoubleVector(), 1e-5 * scale, what);
  }
}
