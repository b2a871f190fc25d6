package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Forward and backward pass of {@link SharedOutputs}. */
public class SharedOutputsLayer extends BaseLayer<SharedOutputs> {
  private static final long serialVersionUID = 1L;

  public SharedOutputsLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray output =
        rowMajor(workspaces, ArrayType.ACTIVATIONS, input.size(0), layerConf().getNOut());
    decoded(output).assign(input);
    shared(output).assign(0).addiRowVector(getParam(LearnedArray.KEY));
    return output;
  }

  /** The learned numbers collect their part from every row; the decoder gets its own back. */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray outputGradient, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray sums = gradientViews.get(LearnedArray.KEY); // [1, shared]
    shared(outputGradient).sum(sums, 0);
    var gradient = new DefaultGradient();
    gradient.gradientForVariable().put(LearnedArray.KEY, sums);
    INDArray inputGradient =
        rowMajor(
            workspaces, ArrayType.ACTIVATION_GRAD, outputGradient.size(0), layerConf().getNIn());
    return new Pair<>(gradient, inputGradient.assign(decoded(outputGradient)));
  }

  private INDArray rowMajor(LayerWorkspaceMgr workspaces, ArrayType type, long rows, long columns) {
    return workspaces.createUninitialized(type, dataType, new long[] {rows, columns}, 'c');
  }

  private INDArray decoded(INDArray array) {
    return array.get(all(), interval(0, layerConf().getNIn()));
  }

  private INDArray shared(INDArray array) {
    return array.get(all(), interval(layerConf().getNIn(), layerConf().getNOut()));
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
