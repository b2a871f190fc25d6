package io.latentlake.nn;

import static org.deeplearning4j.nn.params.DeconvolutionParamInitializer.BIAS_KEY;
import static org.deeplearning4j.nn.params.DeconvolutionParamInitializer.WEIGHT_KEY;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.layers.convolution.Deconvolution2DLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's transposed convolution, {@code [batch, in, height, width]} to {@code [batch, out, height',
 * width']}, that adds its biases itself: with them ND4J's operation takes two to five times as
 * long.
 */
public class DirectDeconvolution extends Deconvolution2D {
  private static final long serialVersionUID = 1L;

  /** For DL4J's JSON. */
  public DirectDeconvolution() {
    this(1, 1, 1, 1, 0);
  }

  /**
   * A layer of {@code in} to {@code out} channels.
   *
   * @param kernel lines and columns of the patch that each value becomes
   * @param stride lines and columns from one patch to the next
   * @param padding lines and columns that are cut off all around
   */
  public DirectDeconvolution(int in, int out, int kernel, int stride, int padding) {
    super(
        new Deconvolution2D.Builder(kernel, kernel)
            .stride(stride, stride)
            .padding(padding, padding)
            .convolutionMode(ConvolutionMode.Truncate)
            .nIn(in)
            .nOut(out));
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType dataType) {
    var layer = new DirectDeconvolutionLayer(configuration, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialize));
    layer.setConf(configuration);
    return layer;
  }

  /** DL4J's layer but for the forward pass. */
  private static final class DirectDeconvolutionLayer extends Deconvolution2DLayer {
    private static final long serialVersionUID = 1L;

    DirectDeconvolutionLayer(NeuralNetConfiguration configuration, DataType dataType) {
      super(configuration, dataType);
    }

    @Override
    protected Pair<INDArray, INDArray> preOutput(
        boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
      var spec = (DirectDeconvolution) layerConf();
      int kernel = spec.getKernelSize()[0];
      int stride = spec.getStride()[0];
      int padding = spec.getPadding()[0];
      long height = stride * (input.size(2) - 1) + kernel - 2L * padding;
      long width = stride * (input.size(3) - 1) + kernel - 2L * padding;
      long[] shape = {input.size(0), spec.getNOut(), height, width};
      INDArray output =
          workspaces.createUninitialized(ArrayType.ACTIVATIONS, input.dataType(), shape, 'c');
      // No dilation, padded as said, channels first.
      Nd4j.exec(
          DynamicCustomOp.builder("deconv2d")
              .addInputs(input, getParam(WEIGHT_KEY).permute(2, 3, 1, 0)) // [k, k, out, in]
              .addIntegerArguments(kernel, kernel, stride, stride, padding, padding, 1, 1, 0, 0)
              .addOutputs(output)
              .build());
      INDArray bias = getParam(BIAS_KEY); // [1, out]
      Nd4j.exec(new BroadcastAddOp(output, bias.reshape(bias.length()), output, 1));
      return new Pair<>(output, null);
    }
  }
}
