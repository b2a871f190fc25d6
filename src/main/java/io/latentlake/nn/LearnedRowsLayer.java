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

/** Forward and backward pass of {@link LearnedRows}. */
public class LearnedRowsLayer extends BaseLayer<LearnedRows> {
  private static final long serialVersionUID = 1L;

  public LearnedRowsLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    long batch = input.size(0);
    INDArray learned = getParam(LearnedArray.KEY); // [rows, width]
    INDArray result =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            dataType,
            new long[] {batch + learned.size(0), learned.size(1)},
            'c');
    result.get(interval(0, batch), all()).assign(input);
    result
        .get(interval(batch, result.size(0)), all())
        .assign(layerConf().getActivationFn().getActivation(learned.dup('c'), training));
    return result;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray outputGradient, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    long batch = input.size(0);
    INDArray own = outputGradient.get(interval(batch, outputGradient.size(0)), all()).dup('c');
    INDArray learned = getParam(LearnedArray.KEY).dup('c');
    INDArray view = gradientViews.get(LearnedArray.KEY);
    view.assign(layerConf().getActivationFn().backprop(learned, own).getFirst());
    var gradient = new DefaultGradient();
    gradient.gradientForVariable().put(LearnedArray.KEY, view);
    INDArray passed =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    passed.assign(outputGradient.get(interval(0, batch), all()));
    return new Pair<>(gradient, passed);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
