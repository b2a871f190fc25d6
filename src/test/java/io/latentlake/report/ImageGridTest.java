package io.latentlake.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.latentlake.spec.InvalidInputException;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Grids of images: where each pixel lands, and what is no image. */
class ImageGridTest {

  @Test
  void everyImageHasItsPlaceAndEveryPixelItsShade() {
    float[][] line = {{0, 1, 0.5f, 2}, {1, 1, 1, 1}};
    BufferedImage picture = ImageGrid.of(List.of(line, new float[][] {{1, 0, 0, 0}}));
    // Cells of 2·2 pixels and a frame of 2 before, between and behind them.
    assertEquals(2 * 6 + 2, picture.getWidth());
    assertEquals(2 * 6 + 2, picture.getHeight());
    assertEquals(0x000000, rgb(picture, 2, 2));
    assertEquals(0xffffff, rgb(picture, 4, 2));
    assertEquals(0x808080, rgb(picture, 2, 4));
    assertEquals(0xffffff, rgb(picture, 5, 5)); // clipped
    assertEquals(0xffffff, rgb(picture, 8, 2)); // the second image
    assertEquals(0xffffff, rgb(picture, 2, 8)); // the second line
    assertEquals(0x303030, rgb(picture, 0, 0)); // the frame
  }

  @Test
  void aRowThatIsNoSquareCannotBeDrawn() {
    assertThrows(
        InvalidInputException.class, () -> ImageGrid.wrapped(new float[][] {new float[3]}, 1));
  }

  private static int rgb(BufferedImage picture, int x, int y) {
    return picture.getRGB(x, y) & 0xffffff;
  }
}
