package io.latentlake.nn;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The one array that a layer learns beside its input, as {@link Owner} describes it. */
final class LearnedArray implements ParamInitializer {
  /** A layer with such an array. */
  interface Owner {
    /** The array's rows and columns. */
    long[] learnedShape();

    /** What it starts as. */
    INDArray initial(long seed, DataType type);
  }

  static final LearnedArray INSTANCE = new LearnedArray();

  /** Its name. */
  static final String KEY = "W";

  private LearnedArray() {}

  @Override
  public long numParams(NeuralNetConfiguration configuration) {
    return numParams(configuration.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    long[] shape = ((Owner) layer).learnedShape();
    return shape[0] * shape[1];
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return List.of(KEY);
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of(KEY);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return KEY.equals(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return false;
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration configuration, INDArray view, boolean initialize) {
    INDArray array = shaped(configuration, view);
    if (initialize) {
      long seed = Noise.seed(configuration.getSeed(), array.length());
      array.assign(((Owner) configuration.getLayer()).initial(seed, array.dataType()));
    }
    configuration.addVariable(KEY);
    return Map.of(KEY, array);
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration configuration, INDArray view) {
    return Map.of(KEY, shaped(configuration, view));
  }

  private static INDArray shaped(NeuralNetConfiguration configuration, INDArray view) {
    return view.reshape('c', ((Owner) configuration.getLayer()).learnedShape());
  }
}
