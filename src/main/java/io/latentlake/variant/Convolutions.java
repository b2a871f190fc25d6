package io.latentlake.variant;

import io.latentlake.nn.DirectConvolution;
import io.latentlake.nn.DirectDeconvolution;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.NetworkSpec;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.nd4j.linalg.activations.Activation;

/**
 * Convolutions in front of an encoder's dense layers, and transposed ones behind a decoder's, as in
 * Radford, Metz and Chintala, arXiv 1511.06434. Kernels of 4 × 4 with stride 2 and padding 1 take n
 * lines to exactly n / 2, and back to n.
 */
final class Convolutions {
  private static final int KERNEL = 4;
  private static final int STRIDE = 2;
  private static final int PADDING = 1;

  private final Composition parts;
  private final NetworkSpec spec;

  /**
   * Convolutions of the rows' images.
   *
   * @throws InvalidInputException when the rows are no such images
   */
  Convolutions(Composition parts) {
    this.parts = parts;
    this.spec = parts.spec().network();
    spec.requireRows(parts.features());
  }

  /** Values that an image becomes: the width of a row behind {@link #encoder}. */
  int innerWidth() {
    int[] inner = shape(spec.channels().size());
    return inner[0] * inner[1] * inner[2];
  }

  /**
   * Images to what the last convolution makes of them.
   *
   * @param from gives {@code [batch, features]}
   * @return the vertex that gives {@code [batch, innerWidth()]}
   */
  String encoder(String from) {
    parts.add("encoder-image", image(shape(0)), from);
    String last = "encoder-image";
    for (int i = 0; i < spec.channels().size(); i++) {
      var convolution =
          new DirectConvolution(shape(i)[0], shape(i + 1)[0], KERNEL, STRIDE, PADDING);
      last = parts.hidden().add("encoder-convolution-" + i, convolution, last, shape(i + 1));
    }
    parts.add("encoder-row", new ReshapeVertex(-1, innerWidth()), last);
    return "encoder-row";
  }

  /**
   * The way back.
   *
   * @param name of the vertex that gives {@code [batch, outputs]}
   * @param from gives {@code [batch, innerWidth()]}
   * @param outputs what the likelihood wants for a row
   * @throws InvalidInputException when these are not equally many for each pixel
   */
  Composition decoder(String name, String from, int outputs) {
    int pixels = spec.height() * spec.width();
    if (outputs % pixels != 0) {
      throw new InvalidInputException(
          "model.network.kind = convolutional: gives every pixel equally many outputs, but this likelihood wants %d for %d pixels; use mlp, or another model.likelihood"
              .formatted(outputs, pixels));
    }
    int deepest = spec.channels().size();
    parts.add("decoder-image", image(shape(deepest)), from);
    String last = "decoder-image";
    for (int i = deepest; i > 1; i--) {
      DirectDeconvolution layer = transposed(shape(i)[0], shape(i - 1)[0]);
      last = parts.hidden().add("decoder-convolution-" + (deepest - i), layer, last, shape(i - 1));
    }
    DirectDeconvolution layer = transposed(shape(1)[0], outputs / pixels);
    layer.setActivationFn(Activation.IDENTITY.getActivationFunction());
    return parts
        .add("decoder-pixels", layer, last)
        .add(name, new ReshapeVertex(-1, outputs), "decoder-pixels");
  }

  private static DirectDeconvolution transposed(int in, int out) {
    return new DirectDeconvolution(in, out, KERNEL, STRIDE, PADDING);
  }

  /** A row to an image, channels first. */
  static ReshapeVertex image(int... shape) {
    return new ReshapeVertex(-1, shape[0], shape[1], shape[2]);
  }

  /** Channels, height and width behind so many of the encoder's convolutions. */
  private int[] shape(int convolutions) {
    int channels = convolutions == 0 ? spec.imageChannels() : spec.channels().get(convolutions - 1);
    return new int[] {channels, spec.height() >> convolutions, spec.width() >> convolutions};
  }
}
