package io.latentlake.report;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.List;

/**
 * A picture on a page.
 *
 * @param title of one that stands beside others
 * @param svg the drawing, as markup; null of an image
 * @param image a {@code data:} URI; null of a drawing
 * @param keys what its colours mean
 * @param caption what it shows, and what is good
 */
record Figure(String title, String svg, String image, List<Key> keys, String caption) {

  /**
   * What a colour means.
   *
   * @param style the colour's class
   * @param value a figure beside the name; may be empty
   */
  record Key(String style, String name, String value) {}

  /**
   * A part of a whole.
   *
   * @param style its colour's class
   * @param amount seconds
   */
  record Part(String style, String name, double amount) {}

  /** A drawing. */
  static Figure drawn(String title, String svg, List<Key> keys, String caption) {
    return new Figure(title, svg, null, keys, caption);
  }

  /** An image. */
  static Figure image(String title, BufferedImage image, String caption) {
    String data = Base64.getEncoder().encodeToString(Pictures.png(image));
    return new Figure(title, null, "data:image/png;base64," + data, List.of(), caption);
  }
}
