package io.latentlake.nn;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The one array that a {@link LearnedRows} learns, {@code [rows, width]}, drawn from N(0, 1). */
final class LearnedArray implements ParamInitializer {
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
    var learned = (LearnedRows) layer;
    return learned.getRows() * learned.getNOut();
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
      array.assign(Noise.standardNormal(seed, array.size(0), array.size(1), array.dataType()));
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
    var learned = (LearnedRows) configuration.getLayer();
    return view.reshape('c', learned.getRows(), learned.getNOut());
  }
}
