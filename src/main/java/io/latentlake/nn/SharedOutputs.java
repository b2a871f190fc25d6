package io.latentlake.nn;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Configuration of a layer that puts learned numbers, the same for every row, beside what the
 * decoder gives: {@code [batch, decoded]} to {@code [batch, decoded + shared]}. They start at 0.
 */
public class SharedOutputs extends FeedForwardLayer implements LearnedArray.Owner {
  private static final long serialVersionUID = 1L;

  /** For DL4J's JSON. */
  public SharedOutputs() {}

  /**
   * A layer behind the decoder's last.
   *
   * @param decoded width of its input
   * @param shared how many learned numbers go beside it, at least 1
   */
  public SharedOutputs(int decoded, int shared) {
    setNIn(decoded);
    setNOut(decoded + shared);
  }

  @Override
  public long[] learnedShape() {
    return new long[] {1, getNOut() - getNIn()};
  }

  @Override
  public INDArray initial(long seed, DataType type) {
    return Nd4j.zeros(type, learnedShape());
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType dataType) {
    var layer = new SharedOutputsLayer(configuration, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialize));
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return LearnedArray.INSTANCE;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long parameters = initializer().numParams(this);
    long state = getIUpdater() == null ? 0 : getIUpdater().stateSize(parameters);
    return new LayerMemoryReport.Builder(
            layerName, SharedOutputs.class, input, InputType.feedForward(nOut))
        .standardMemory(parameters, state)
        .workingMemory(0, 0, nOut, nIn)
        .cacheMemory(0, 0)
        .build();
  }
}
