package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/**
 * z = μ + σ⊙ε: the sample's moments against μ and σ² within the sampling error, and the gradient
 * against central finite differences in double precision with ε held fixed.
 */
class ReparameterizationTest {
  private static final int LATENT = 2;
  private static final LayerWorkspaceMgr NONE = LayerWorkspaceMgr.noWorkspaces();

  private final Reparameterization vertex = new Reparameterization(LATENT);

  @Test
  void sampleHasThePosteriorsMeanAndVariance() {
    int rows = 200_000;
    double[] mean = {1.5, -0.2};
    double[] variance = {0.09, 4};
    INDArray row =
        Nd4j.createFromArray(
            new double[][] {{mean[0], mean[1], Math.log(variance[0]), Math.log(variance[1])}});

    INDArray z = vertex.sample(Nd4j.tile(row, rows, 1), 1);

    for (int i = 0; i < LATENT; i++) {
      INDArray column = z.getColumn(i);
      double meanError = Math.sqrt(variance[i] / rows);
      double varianceError = variance[i] * Math.sqrt(2.0 / (rows - 1));
      assertEquals(mean[i], column.meanNumber().doubleValue(), 5 * meanError, "mean " + i);
      assertEquals(variance[i], column.varNumber().doubleValue(), 5 * varianceError, "σ² " + i);
    }
    double covariance =
        z.getColumn(0).sub(mean[0]).mul(z.getColumn(1).sub(mean[1])).meanNumber().doubleValue();
    assertEquals(0, covariance, 5 * Math.sqrt(variance[0] * variance[1] / rows), "independent");
  }

  @Test
  void seedDecidesTheSample() {
    INDArray posterior = posterior();

    INDArray z = vertex.sample(posterior, 42);

    assertEquals(z, vertex.sample(posterior, 42));
    assertNotEquals(z, vertex.sample(posterior, 43));
  }

  @Test
  void trainingDrawsAfreshWithoutANewSeed() {
    var runtime = runtime();
    INDArray z = forward(runtime, true);

    assertNotEquals(z, forward(runtime, true));
    runtime.setNoiseSeed(0);
    assertEquals(z, forward(runtime, true));
  }

  @Test
  void inferenceTakesTheMean() {
    assertEquals(GaussianPosterior.mean(posterior()).dup(), forward(runtime(), false));
  }

  @Test
  void graphGradientMatchesFiniteDifferences() {
    int rows = 4;
    ComputationGraph graph = graph();
    INDArray x = Noise.standardNormal(5, rows, 3, DataType.DOUBLE);
    INDArray y = Noise.standardNormal(6, rows, LATENT, DataType.DOUBLE);

    score(graph, x, y);

    INDArray gradient = graph.getFlattenedGradients().dup();
    FiniteDifferences.assertGradient(graph.params(), gradient, () -> rows * score(graph, x, y));
  }

  private static double score(ComputationGraph graph, INDArray x, INDArray y) {
    ((FunctionVertexRuntime) graph.getVertex("z")).setNoiseSeed(42);
    graph.setInputs(x);
    graph.setLabels(y);
    graph.computeGradientAndScore();
    return graph.score();
  }

  private static FunctionVertexRuntime runtime() {
    return (FunctionVertexRuntime) graph().getVertex("z");
  }

  private static ComputationGraph graph() {
    var configuration =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .dataType(DataType.DOUBLE)
            .graphBuilder()
            .addInputs("x")
            .addLayer(
                "posterior",
                new DenseLayer.Builder()
                    .nIn(3)
                    .nOut(2 * LATENT)
                    .activation(Activation.TANH)
                    .build(),
                "x")
            .addVertex("z", new Reparameterization(LATENT), "posterior")
            .addLayer("loss", new LossLayer.Builder(new LossL2()).build(), "z")
            .setOutputs("loss")
            .build();
    var graph = new ComputationGraph(configuration);
    graph.init();
    return graph;
  }

  private static INDArray forward(FunctionVertexRuntime vertex, boolean training) {
    vertex.setInputs(new INDArray[] {posterior()});
    return vertex.doForward(training, NONE);
  }

  private static INDArray posterior() {
    return Noise.standardNormal(7, 3, 2 * LATENT, DataType.DOUBLE);
  }
}
