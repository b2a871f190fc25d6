package io.latentlake.variant;

import io.latentlake.nn.Dropout;
import io.latentlake.nn.RowMajorDense;
import io.latentlake.nn.RowStandardization;
import io.latentlake.spec.NetworkSpec;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;

/** Hidden layers: normalized, activated and thinned out as the specification says. */
final class HiddenLayers {
  private final Composition parts;
  private final NetworkSpec spec;
  private int dropouts;

  HiddenLayers(Composition parts, NetworkSpec spec) {
    this.parts = parts;
    this.spec = spec;
  }

  /**
   * Dense hidden layers, one behind the other.
   *
   * @param prefix of their names
   * @param from the vertex that they begin at
   * @param in its width
   * @param data whether that vertex is data alone, which needs no gradient
   * @return the last vertex
   */
  String dense(String prefix, String from, int in, List<Integer> sizes, boolean data) {
    String last = from;
    int width = in;
    for (int i = 0; i < sizes.size(); i++) {
      var layer = new RowMajorDense(width, sizes.get(i), Activation.IDENTITY, data && i == 0);
      width = sizes.get(i);
      last = add(prefix + "-" + i, layer, last, width);
    }
    return last;
  }

  /**
   * One hidden layer.
   *
   * @param layer its linear part
   * @param shape of what that gives for a row: width, or channels, height and width
   * @return the last vertex
   */
  String add(String name, FeedForwardLayer layer, String from, int... shape) {
    boolean plain = spec.normalization() == NetworkSpec.Normalization.NONE;
    layer.setActivationFn((plain ? activation() : Activation.IDENTITY).getActivationFunction());
    parts.add(name, layer, from);
    String last =
        switch (spec.normalization()) {
          case NONE -> name;
          case BATCH -> batchNormalized(name, layer.getNOut());
          case LAYER -> layerNormalized(name, shape);
        };
    if (spec.dropout() == 0) {
      return last;
    }
    parts.add(name + "-dropout", new Dropout(spec.dropout(), dropouts++), last);
    return name + "-dropout";
  }

  /** Each channel, or each value of a dense layer, over the batch; DL4J keeps running means. */
  private String batchNormalized(String name, long channels) {
    var layer = new BatchNormalization.Builder().nIn(channels).nOut(channels).build();
    String activated = name + "-activated";
    parts
        .add(name + "-normalized", layer, name)
        .add(activated, new ActivationLayer(activation()), name + "-normalized");
    return activated;
  }

  /** Each row, with a gain and a bias for each of its values. */
  private String layerNormalized(String name, int... shape) {
    int width = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    ElementWiseMultiplicationLayer gain =
        new ElementWiseMultiplicationLayer.Builder()
            .nIn(width)
            .nOut(width)
            .weightInit(WeightInit.ONES)
            .activation(activation())
            .build();
    String activated = name + "-activated";
    parts
        .add(name + "-normalized", new RowStandardization(), name)
        .add(activated, gain, name + "-normalized");
    if (shape.length == 1) {
      return activated;
    }
    parts.add(name + "-image", Convolutions.image(shape), activated);
    return name + "-image";
  }

  private Activation activation() {
    return switch (parts.spec().activation()) {
      case RELU -> Activation.RELU;
      case ELU -> Activation.ELU;
      case TANH -> Activation.TANH;
      case SILU -> Activation.SWISH;
    };
  }
}
