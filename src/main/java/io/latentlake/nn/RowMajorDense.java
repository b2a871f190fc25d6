package io.latentlake.nn;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a fully connected layer y = f(xW + b), x: {@code [batch, in]}, y: {@code [batch,
 * out]}, that keeps every array row-major. DL4J's own dense layer allocates column-major results
 * and so falls off ND4J's oneDNN path, runs the forward product twice, and computes the first
 * layer's input gradient, which nobody reads.
 */
public class RowMajorDense extends FeedForwardLayer {
  private static final long serialVersionUID = 1L;

  private boolean first;

  /** For DL4J's JSON. */
  public RowMajorDense() {}

  /**
   * A layer of {@code in} to {@code out} units.
   *
   * @param activation f
   * @param first whether the input is data, so that its gradient is not needed
   */
  public RowMajorDense(int in, int out, Activation activation, boolean first) {
    setNIn(in);
    setNOut(out);
    setActivationFn(activation.getActivationFunction());
    this.first = first;
  }

  /** Whether the input is data, so that its gradient is not needed. */
  public boolean isFirst() {
    return first;
  }

  public void setFirst(boolean first) {
    this.first = first;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType dataType) {
    var layer = new RowMajorDenseLayer(configuration, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialize));
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return DefaultParamInitializer.getInstance();
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long parameters = initializer().numParams(this);
    long state = getIUpdater() == null ? 0 : getIUpdater().stateSize(parameters);
    return new LayerMemoryReport.Builder(
            layerName, RowMajorDense.class, input, InputType.feedForward(nOut))
        .standardMemory(parameters, state)
        .workingMemory(0, 0, nOut, nOut)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((RowMajorDense) other).first == first;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Boolean.hashCode(first);
  }
}
