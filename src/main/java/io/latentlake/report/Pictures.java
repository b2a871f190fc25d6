package io.latentlake.report;

import io.latentlake.spec.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes pictures. */
public final class Pictures {
  private Pictures() {}

  /**
   * Writes a PNG file, replacing one of that name.
   *
   * @throws InvalidInputException when the place can't be written to
   */
  public static void write(BufferedImage picture, String file, Configuration hadoop) {
    var png = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", png);
      var path = new Path(file);
      try (var out = path.getFileSystem(hadoop).create(path, true)) {
        png.writeTo(out);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "%s: can't be written: %s".formatted(file, e.getMessage()), e);
    }
  }
}
