package io.latentlake.nn;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a layer that puts learned numbers, the same for every row, beside what the
 * decoder gives: {@code [batch, decoded]} to {@code [batch, decoded + shared]}. They start at 0.
 */
public class SharedOutputs extends FeedForwardLayer {
  private static final long serialVersionUID = 1L;

  /** The learned numbers' name among DL4J's parameters: they are a bias. */
  static final String KEY = DefaultParamInitializer.BIAS_KEY;

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

  /** How many learned numbers. */
  long shared() {
    return getNOut() - getNIn();
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
    return Initializer.INSTANCE;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long state = getIUpdater() == null ? 0 : getIUpdater().stateSize(shared());
    return new LayerMemoryReport.Builder(
            layerName, SharedOutputs.class, input, InputType.feedForward(nOut))
        .standardMemory(shared(), state)
        .workingMemory(0, 0, nOut, nIn)
        .cacheMemory(0, 0)
        .build();
  }

  /** DL4J's way to a layer's parameters: here a single vector, all of it bias. */
  private static final class Initializer implements ParamInitializer {
    static final Initializer INSTANCE = new Initializer();

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
      return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(org.deeplearning4j.nn.conf.layers.Layer layer) {
      return ((SharedOutputs) layer).shared();
    }

    @Override
    public List<String> paramKeys(org.deeplearning4j.nn.conf.layers.Layer layer) {
      return List.of(KEY);
    }

    @Override
    public List<String> weightKeys(org.deeplearning4j.nn.conf.layers.Layer layer) {
      return List.of();
    }

    @Override
    public List<String> biasKeys(org.deeplearning4j.nn.conf.layers.Layer layer) {
      return List.of(KEY);
    }

    @Override
    public boolean isWeightParam(org.deeplearning4j.nn.conf.layers.Layer layer, String key) {
      return false;
    }

    @Override
    public boolean isBiasParam(org.deeplearning4j.nn.conf.layers.Layer layer, String key) {
      return KEY.equals(key);
    }

    @Override
    public Map<String, INDArray> init(
        NeuralNetConfiguration configuration, INDArray view, boolean initialize) {
      if (initialize) {
        view.assign(0);
      }
      configuration.addVariable(KEY);
      return getGradientsFromFlattened(configuration, view);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(
        NeuralNetConfiguration configuration, INDArray view) {
      var views = new LinkedHashMap<String, INDArray>();
      views.put(KEY, view.reshape(1, view.length()));
      return views;
    }
  }
}
