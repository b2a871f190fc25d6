package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;

/**
 * What encoder and decoder are made of, beside the sizes of their dense layers.
 *
 * @param kind which layers
 * @param image channels, height and width of the image in a row, for {@link Kind#CONVOLUTIONAL}
 * @param channels of each of the encoder's convolutions, which the decoder mirrors
 * @param normalization of the hidden layers, before their activation
 * @param dropout probability that a hidden layer's value is left out of a training step
 */
public record NetworkSpec(
    Kind kind,
    List<Integer> image,
    List<Integer> channels,
    Normalization normalization,
    double dropout)
    implements Serializable {
  /** Dense layers and no more. */
  public static final NetworkSpec PLAIN =
      new NetworkSpec(Kind.MLP, List.of(1, 28, 28), List.of(16, 32), Normalization.NONE, 0);

  /** The layers on offer. */
  public enum Kind {
    /** Dense layers. */
    @JsonProperty("mlp")
    MLP,
    /** Convolutions around the dense layers. */
    @JsonProperty("convolutional")
    CONVOLUTIONAL
  }

  /** What brings a hidden layer's values to mean 0 and variance 1. */
  public enum Normalization {
    /** Nothing. */
    @JsonProperty("none")
    NONE,
    /** Over the rows of a minibatch (Ioffe and Szegedy, arXiv 1502.03167). */
    @JsonProperty("batch")
    BATCH,
    /** Over the values of a row (Ba, Kiros and Hinton, arXiv 1607.06450). */
    @JsonProperty("layer")
    LAYER
  }

  public NetworkSpec {
    Require.present("model.network.kind", kind);
    Require.present("model.network.image", image);
    Require.present("model.network.channels", channels);
    Require.present("model.network.normalization", normalization);
    Require.fraction("model.network.dropout", dropout);
    image = List.copyOf(image);
    channels = List.copyOf(channels);
    if (kind == Kind.CONVOLUTIONAL) {
      requireHalves(image, channels);
    }
  }

  private static void requireHalves(List<Integer> image, List<Integer> channels) {
    if (image.size() != 3) {
      throw new InvalidInputException(
          "model.network.image = %s: must be channels, height and width, such as [1, 28, 28]"
              .formatted(image));
    }
    image.forEach(size -> Require.atLeast("model.network.image size", size, 1));
    channels.forEach(count -> Require.atLeast("model.network.channels count", count, 1));
    if (channels.isEmpty()) {
      throw new InvalidInputException(
          "model.network.channels = []: must be one count for each convolution, at least one");
    }
    // No image has 2^30 lines.
    int factor = 1 << Math.min(channels.size(), 30);
    if (image.get(1) % factor != 0 || image.get(2) % factor != 0) {
      throw new InvalidInputException(
          "model.network.image = %s: height and width must be multiples of %d, because each of %d convolutions halves them; use fewer model.network.channels, or pad the images"
              .formatted(image, factor, channels.size()));
    }
    double pixels = (double) image.get(1) * image.get(2);
    double most = Math.max(image.get(0), channels.stream().max(Integer::compare).get());
    if (most * pixels > Integer.MAX_VALUE) {
      throw new InvalidInputException(
          "model.network.image = %s with model.network.channels = %s: more than %d values a row; use fewer channels"
              .formatted(image, channels, Integer.MAX_VALUE));
    }
  }

  /** Channels of the image. */
  public int imageChannels() {
    return image.get(0);
  }

  /** Lines of the image. */
  public int height() {
    return image.get(1);
  }

  /** Columns of the image. */
  public int width() {
    return image.get(2);
  }

  /**
   * That a table's rows are such images.
   *
   * @param features width of a row
   * @throws InvalidInputException when they are not
   */
  public void requireRows(int features) {
    int values = imageChannels() * height() * width();
    if (values != features) {
      throw new InvalidInputException(
          "model.network.image = %s: has %d values, but a row has %d features; set it to the rows' channels, height and width"
              .formatted(image, values, features));
    }
  }
}
