package io.latentlake.nn;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Forward and backward pass of a {@link FunctionVertex}, and what it remembers between them. */
@SuppressWarnings(
    "overrides") // DL4J's own setInputs: varargs in the interface, an array in the base class
class FunctionVertexRuntime extends BaseGraphVertex {
  private static final long serialVersionUID = 1L;

  private final FunctionVertex function;
  private long noiseSeed;
  private transient FunctionVertex.Context context;
  private transient INDArray output;

  FunctionVertexRuntime(
      ComputationGraph graph, String name, int index, FunctionVertex function, DataType dataType) {
    super(graph, name, index, null, null, dataType);
    this.function = function;
  }

  FunctionVertex function() {
    return function;
  }

  /** Makes the next training pass draw what belongs to this seed. */
  void setNoiseSeed(long seed) {
    this.noiseSeed = seed;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    int iteration = graph.getConfiguration().getIterationCount();
    // The next batch draws afresh even when nobody sets a seed, as under dl4j-spark's own master.
    context = new FunctionVertex.Context(training, training ? noiseSeed++ : noiseSeed, iteration);
    try (var scope = workspaces.notifyScopeBorrowed(ArrayType.ACTIVATIONS)) {
      INDArray result = function.forward(inputs, context);
      // DL4J counts on every vertex having an array of its own.
      output = training && isInput(result) ? result.dup('c') : result;
    }
    return output;
  }

  private boolean isInput(INDArray array) {
    for (INDArray input : inputs) {
      if (input == array) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    try (var scope = workspaces.notifyScopeBorrowed(ArrayType.ACTIVATION_GRAD)) {
      return new Pair<>(null, function.backward(inputs, output, epsilon, context));
    }
  }

  @Override
  public void clear() {
    super.clear();
    output = null;
  }

  @Override
  public boolean hasLayer() {
    return false;
  }

  @Override
  public Layer getLayer() {
    return null;
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray view) {
    if (view != null) {
      throw new IllegalArgumentException(vertexName + " has no parameters");
    }
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int batchSize) {
    return null;
  }

  @Override
  public String toString() {
    return function + "(" + vertexName + ")";
  }
}
