package io.latentlake.report;

import io.latentlake.spec.InvalidInputException;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/** Grey images side by side, light on dark as MNIST is, with a thin frame between them. */
public final class ImageGrid {
  private static final int SCALE = 2;
  private static final int GAP = 2;
  private static final int FRAME = 0x303030;

  private ImageGrid() {}

  /**
   * Draws lines of images.
   *
   * @param lines each a line of images, {@code [images][side·side]}, values in [0, 1], clipped
   * @throws InvalidInputException when a row's features don't make a square image
   */
  public static BufferedImage of(List<float[][]> lines) {
    int side = side(lines.get(0)[0].length);
    int columns = lines.stream().mapToInt(line -> line.length).max().orElse(1);
    int cell = side * SCALE + GAP;
    var picture =
        new BufferedImage(
            columns * cell + GAP, lines.size() * cell + GAP, BufferedImage.TYPE_INT_RGB);
    var background = new int[picture.getWidth() * picture.getHeight()];
    Arrays.fill(background, FRAME);
    picture.setRGB(
        0, 0, picture.getWidth(), picture.getHeight(), background, 0, picture.getWidth());
    for (int line = 0; line < lines.size(); line++) {
      float[][] images = lines.get(line);
      for (int column = 0; column < images.length; column++) {
        draw(images[column], side, picture, GAP + column * cell, GAP + line * cell);
      }
    }
    return picture;
  }

  /** Images in lines of so many; the last line may be short. */
  public static BufferedImage wrapped(float[][] images, int columns) {
    var lines = new java.util.ArrayList<float[][]>();
    for (int from = 0; from < images.length; from += columns) {
      lines.add(Arrays.copyOfRange(images, from, Math.min(images.length, from + columns)));
    }
    return of(lines);
  }

  private static void draw(float[] image, int side, BufferedImage picture, int left, int top) {
    for (int y = 0; y < side * SCALE; y++) {
      for (int x = 0; x < side * SCALE; x++) {
        float value = image[y / SCALE * side + x / SCALE];
        int grey = Math.round(255 * Math.max(0, Math.min(1, value)));
        picture.setRGB(left + x, top + y, grey << 16 | grey << 8 | grey);
      }
    }
  }

  /** Whether so many features make a square image. */
  static boolean canDraw(int width) {
    int side = (int) Math.round(Math.sqrt(width));
    return side * side == width;
  }

  private static int side(int width) {
    if (!canDraw(width)) {
      throw new InvalidInputException(
          "%d features are not a square image; only square grey images can be drawn"
              .formatted(width));
    }
    return (int) Math.round(Math.sqrt(width));
  }
}
