package io.latentlake.nn;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a vertex that has no weights: a function of its inputs and its derivative, both
 * without state, so that one immutable object serves every copy of the network. Whatever changes
 * from pass to pass comes with the {@link Context}.
 */
public abstract class FunctionVertex extends GraphVertex {
  private static final long serialVersionUID = 1L;

  /**
   * What a pass is for.
   *
   * @param training whether a gradient follows
   * @param noiseSeed decides what is drawn
   * @param iteration training steps taken before this one
   */
  public record Context(boolean training, long noiseSeed, int iteration) {}

  /**
   * The function.
   *
   * @param inputs row-major
   * @return row-major, and for the caller to keep: an input itself, or a new array
   */
  protected abstract INDArray forward(INDArray[] inputs, Context context);

  /**
   * Its derivative.
   *
   * @param output what {@link #forward} gave in the same pass
   * @param gradient with respect to the output
   * @return with respect to each input; new arrays
   */
  protected abstract INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context);

  /** Width of the output for inputs of these widths. */
  protected abstract long width(long[] inputs);

  /** All that distinguishes it from others of its class. */
  protected abstract List<Object> settings();

  /** How many inputs it takes. */
  protected int inputs() {
    return 1;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType dataType) {
    return new FunctionVertexRuntime(graph, name, index, this, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... types) {
    return InputType.feedForward(
        width(Arrays.stream(types).mapToLong(InputType::arrayElementsPerExample).toArray()));
  }

  @Override
  public MemoryReport getMemoryReport(InputType... types) {
    InputType output = getOutputType(0, types);
    long width = output.arrayElementsPerExample();
    return new LayerMemoryReport.Builder(null, getClass(), types[0], output)
        .standardMemory(0, 0)
        .workingMemory(0, width, 0, width)
        .cacheMemory(0, 0)
        .build();
  }

  /** Itself: it never changes. */
  @Override
  public GraphVertex clone() {
    return this;
  }

  @Override
  public long numParams(boolean backprop) {
    return 0;
  }

  @Override
  public int minVertexInputs() {
    return inputs();
  }

  @Override
  public int maxVertexInputs() {
    return inputs();
  }

  @Override
  public boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && ((FunctionVertex) other).settings().equals(settings());
  }

  @Override
  public int hashCode() {
    return 31 * getClass().hashCode() + settings().hashCode();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + settings();
  }
}
