package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SmallImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pictures that reconstruct and generate draw. */
class PicturesTest {
  /** A picture's frame, and an image with the frame behind it. */
  private static final int GAP = 2;

  private static final int CELL = 28 * 2 + GAP;

  @TempDir static Path folder;

  private static String table;
  private static String model;

  @BeforeAll
  static void train() throws IOException {
    table = folder.resolve("images").toString();
    SmallImages.table(300).write().parquet(table);
    Path configuration = folder.resolve("images.conf");
    Files.writeString(configuration, SmallImages.CONFIGURATION);
    model = folder.resolve("model").toString();
    run(
        "train --no-scaling --averaging-frequency 8 --features image --input %s --config %s --model %s"
            .formatted(table, configuration, model));
  }

  private static void run(String words) {
    CommandRun.of(words.split(" ")).orFail();
  }

  private static BufferedImage picture(String words, String name) throws IOException {
    Path file = folder.resolve(name);
    run(words + " --model " + model + " --out " + file);
    return ImageIO.read(file.toFile());
  }

  private static int[] pixels(BufferedImage picture, int column, int line) {
    int side = CELL - GAP;
    return picture.getRGB(GAP + column * CELL, GAP + line * CELL, side, side, null, 0, side);
  }

  private static long shades(int[] pixels) {
    return Arrays.stream(pixels).distinct().count();
  }

  @Test
  void reconstructions() throws IOException {
    BufferedImage picture = picture("reconstruct --count 5 --input " + table, "pairs.png");
    assertEquals(GAP + 5 * CELL, picture.getWidth());
    assertEquals(GAP + 2 * CELL, picture.getHeight());
    for (int column = 0; column < 5; column++) {
      assertTrue(shades(pixels(picture, column, 0)) > 20, "an original is blank");
      assertTrue(shades(pixels(picture, column, 1)) > 20, "a reconstruction is blank");
    }
  }

  @Test
  void generated() throws IOException {
    BufferedImage picture = picture("generate --count 10 --seed 5", "generated.png");
    assertEquals(GAP + 4 * CELL, picture.getWidth(), "10 images are 3 lines of 4");
    assertEquals(GAP + 3 * CELL, picture.getHeight(), "10 images are 3 lines of 4");
    for (int i = 0; i < 10; i++) {
      assertTrue(shades(pixels(picture, i % 4, i / 4)) > 20, "image " + i + " is blank");
    }
    assertEquals(1, shades(pixels(picture, 3, 2)), "there is no 12th image");
  }

  @Test
  void sameSeedSameImages() throws IOException {
    int[] first = pixels(picture("generate --count 1 --seed 5", "first.png"), 0, 0);
    int[] again = pixels(picture("generate --count 1 --seed 5", "again.png"), 0, 0);
    int[] other = pixels(picture("generate --count 1 --seed 6", "other.png"), 0, 0);
    assertTrue(Arrays.equals(first, again));
    assertFalse(Arrays.equals(first, other));
  }
}
