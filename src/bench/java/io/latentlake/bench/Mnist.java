package io.latentlake.bench;

import io.latentlake.data.TableReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** MNIST's training images in memory, for what runs without Spark. */
final class Mnist {
  /** Pixels an image. */
  static final int FEATURES = 784;

  /** Images in the training part. */
  static final int ROWS = 60_000;

  private static final int HEADER = 16;
  private static final String TRAINING = "train-images-idx3-ubyte.gz";
  private static final String TEST = "t10k-images-idx3-ubyte.gz";

  private final byte[] pixels;

  private Mnist(byte[] pixels) {
    this.pixels = pixels;
  }

  /** Reads the training images that the product brings. */
  static Mnist read() {
    try (InputStream in = new GZIPInputStream(resource(TRAINING), 1 << 16)) {
      in.skipNBytes(HEADER);
      return new Mnist(in.readNBytes(ROWS * FEATURES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Unpacks images, scaled to [0, 1], to the beginning of an array.
   *
   * @param from the first; counted on from the beginning where the set ends
   */
  void copy(int from, int rows, float[] target) {
    for (int row = 0; row < rows; row++) {
      int start = (from + row) % ROWS * FEATURES;
      for (int i = 0; i < FEATURES; i++) {
        target[row * FEATURES + i] = (pixels[start + i] & 0xff) / 255f;
      }
    }
  }

  /** Puts the files of images, gzipped as they are, into a folder. */
  static void write(Path folder) throws IOException {
    for (String file : List.of(TRAINING, TEST)) {
      try (InputStream in = resource(file)) {
        Files.copy(in, folder.resolve(file));
      }
    }
  }

  private static InputStream resource(String file) {
    return TableReader.class.getResourceAsStream("mnist/" + file);
  }
}
