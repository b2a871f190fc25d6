package io.latentlake.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Pictures as files. */
public final class Pictures {
  private Pictures() {}

  /** A picture as the content of a PNG file. */
  public static byte[] png(BufferedImage picture) {
    var png = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can't be written to", e);
    }
    return png.toByteArray();
  }
}
