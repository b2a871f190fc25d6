package io.latentlake.nn;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a layer that puts rows of its own, which are learned, under its input: {@code
 * [batch, width]} to {@code [batch + rows, width]}. The pseudo-inputs of a VampPrior, or the
 * components of a mixture.
 */
public class LearnedRows extends FeedForwardLayer implements LearnedArray.Owner {
  private static final long serialVersionUID = 1L;

  private int rows;

  /** For DL4J's JSON. */
  public LearnedRows() {}

  /**
   * A layer.
   *
   * @param rows that it adds
   * @param width of the input, and of each row
   * @param activation what is learned goes through it, to the range that the input has
   */
  public LearnedRows(int rows, int width, Activation activation) {
    this.rows = rows;
    setNIn(width);
    setNOut(width);
    setActivationFn(activation.getActivationFunction());
  }

  public int getRows() {
    return rows;
  }

  public void setRows(int rows) {
    this.rows = rows;
  }

  @Override
  public long[] learnedShape() {
    return new long[] {rows, getNOut()};
  }

  /** Drawn from N(0, 1). */
  @Override
  public INDArray initial(long seed, DataType type) {
    return Noise.standardNormal(seed, rows, getNOut(), type);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType dataType) {
    var layer = new LearnedRowsLayer(configuration, dataType);
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
            layerName, LearnedRows.class, input, InputType.feedForward(nOut))
        .standardMemory(parameters, state)
        .workingMemory(0, 0, nOut, nOut)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((LearnedRows) other).rows == rows;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + rows;
  }
}
