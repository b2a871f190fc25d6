package io.latentlake.nn;

import static org.deeplearning4j.nn.params.DefaultParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.DefaultParamInitializer.WEIGHT_KEY;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Forward and backward pass of {@link RowMajorDense}.
 *
 * <p>DL4J's weights are a column-major {@code [in, out]} view, which is the same memory as a
 * row-major {@code [out, in]}: all three products read and write it as that transpose, so that
 * every result is row-major and ND4J's {@code matmul} takes oneDNN's path.
 */
public class RowMajorDenseLayer extends BaseLayer<RowMajorDense> {
  private static final long serialVersionUID = 1L;

  /** xW + b of the last forward pass, {@code [batch, out]}. */
  private transient INDArray preActivation;

  public RowMajorDenseLayer(NeuralNetConfiguration configuration, DataType dataType) {
    super(configuration, dataType);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray weights = getParam(WEIGHT_KEY); // [in, out], column-major
    INDArray bias = getParam(BIAS_KEY); // [1, out]
    preActivation = rowMajor(workspaces, ArrayType.ACTIVATIONS, input.size(0), weights.size(1));
    product(input, weights, preActivation, false, false);
    preActivation.addiRowVector(bias);
    INDArray activated = training ? copy(preActivation, workspaces) : preActivation;
    return layerConf().getActivationFn().getActivation(activated, training);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray outputGradient, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray epsilon = outputGradient.ordering() == 'c' ? outputGradient : outputGradient.dup('c');
    INDArray delta = layerConf().getActivationFn().backprop(preActivation, epsilon).getFirst();
    INDArray weightGradient = gradientViews.get(WEIGHT_KEY); // [in, out], column-major
    INDArray biasGradient = gradientViews.get(BIAS_KEY); // [1, out]
    // (dW)ᵀ = δᵀx, written through the transposed view: [out, in], row-major
    product(delta, input, weightGradient.transpose(), true, false);
    delta.sum(biasGradient, 0);
    var gradient = new DefaultGradient();
    gradient.gradientForVariable().put(WEIGHT_KEY, weightGradient);
    gradient.gradientForVariable().put(BIAS_KEY, biasGradient);
    return new Pair<>(gradient, layerConf().isFirst() ? null : inputGradient(delta, workspaces));
  }

  /** dx = δWᵀ, {@code [batch, in]}. */
  private INDArray inputGradient(INDArray delta, LayerWorkspaceMgr workspaces) {
    INDArray weights = getParam(WEIGHT_KEY);
    INDArray gradient =
        rowMajor(workspaces, ArrayType.ACTIVATION_GRAD, delta.size(0), weights.size(0));
    product(delta, weights, gradient, false, true);
    return gradient;
  }

  private INDArray rowMajor(LayerWorkspaceMgr workspaces, ArrayType type, long rows, long columns) {
    return workspaces.createUninitialized(type, dataType, new long[] {rows, columns}, 'c');
  }

  private INDArray copy(INDArray array, LayerWorkspaceMgr workspaces) {
    return rowMajor(workspaces, ArrayType.ACTIVATIONS, array.size(0), array.size(1)).assign(array);
  }

  private static void product(
      INDArray left, INDArray right, INDArray result, boolean leftT, boolean rightT) {
    var transpose =
        MMulTranspose.builder().transposeA(leftT).transposeB(rightT).transposeResult(false).build();
    Nd4j.getExecutioner().exec(new Mmul(left, right, result, transpose));
  }

  @Override
  public void clear() {
    super.clear();
    preActivation = null;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
