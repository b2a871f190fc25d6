package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** {@link SharedOutputs}: what it gives, and what it gives back. */
class SharedOutputsTest {
  private static final LayerWorkspaceMgr NONE = LayerWorkspaceMgr.noWorkspaces();

  @Test
  void learnedNumbersStandBesideEveryRow() {
    var layer = graph().getLayer("shared");
    assertEquals(Nd4j.createFromArray(0f, 0f), layer.params().ravel());
    layer.params().assign(Nd4j.createFromArray(new float[][] {{7, 8}}));
    INDArray x = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}});

    INDArray expected = Nd4j.createFromArray(new float[][] {{1, 2, 3, 7, 8}, {4, 5, 6, 7, 8}});
    assertEquals(expected, layer.activate(x, true, NONE));
    assertEquals(expected, layer.activate(x, false, NONE));
  }

  @Test
  void gradientsOfTheLearnedNumbersAreSummedOverTheRows() {
    var layer = graph().getLayer("shared");
    layer.activate(Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}), true, NONE);
    INDArray epsilon = Nd4j.createFromArray(new float[][] {{1, 2, 3, 4, 5}, {10, 20, 30, 40, 50}});

    var gradients = layer.backpropGradient(epsilon, NONE);

    assertEquals(Nd4j.createFromArray(44f, 55f), gradients.getFirst().gradient().ravel());
    assertEquals(
        Nd4j.createFromArray(new float[][] {{1, 2, 3}, {10, 20, 30}}), gradients.getSecond());
  }

  private static ComputationGraph graph() {
    var configuration =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .graphBuilder()
            .addInputs("x")
            .addLayer("shared", new SharedOutputs(3, 2), "x")
            .addLayer("loss", new LossLayer.Builder(new LossL2()).build(), "shared")
            .setOutputs("loss")
            .build();
    var graph = new ComputationGraph(configuration);
    graph.init();
    graph.initGradientsView();
    return graph;
  }
}
