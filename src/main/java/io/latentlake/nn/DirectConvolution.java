package io.latentlake.nn;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's convolution, {@code [batch, in, height, width]} to {@code [batch, out, height', width']},
 * through ND4J's own operation, which reaches oneDNN. By itself DL4J 1.0.0-M2.1 looks for that
 * operation's helper under a name that it no longer has, and then lays every patch out as a row of
 * a matrix, which takes most of a training step.
 */
public class DirectConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  /** For DL4J's JSON. */
  public DirectConvolution() {}

  /**
   * A layer of {@code in} to {@code out} channels.
   *
   * @param kernel lines and columns of the patch that it looks at
   * @param stride lines and columns from one patch to the next
   * @param padding lines and columns of zeros around the image
   */
  public DirectConvolution(int in, int out, int kernel, int stride, int padding) {
    super(
        new ConvolutionLayer.Builder(kernel, kernel)
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
    var layer = new DirectConvolutionLayer(configuration, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialize));
    layer.setConf(configuration);
    return layer;
  }

  /** DL4J's layer with the helper that it doesn't find; doubles are computed without. */
  private static final class DirectConvolutionLayer
      extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    DirectConvolutionLayer(NeuralNetConfiguration configuration, DataType dataType) {
      super(configuration, dataType);
      helper = new MKLDNNConvHelper(dataType);
    }
  }
}
