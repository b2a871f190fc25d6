package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The IDX parser: reads what was written, plain and gzipped, and names what is wrong. */
class IdxFileTest {

  @Property(tries = 200)
  void readsBackWhatWasWritten(
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll boolean gzipped,
      @ForAll long seed)
      throws IOException {
    byte[] pixels = new byte[rows * height * width];
    new Random(seed).nextBytes(pixels);
    byte[] file = idx(0x803, pixels, rows, height, width);
    try (IdxFile read = open(gzipped ? gzip(file) : file)) {
      assertEquals(new IdxHeader(rows, height * width), read.header());
      read.skip(rows / 2);
      for (int row = rows / 2; row < rows; row++) {
        int from = row * height * width;
        assertArrayEquals(Arrays.copyOfRange(pixels, from, from + height * width), read.row());
      }
    }
  }

  @Property(tries = 200)
  void whereverItIsCutTheErrorSaysTruncated(
      @ForAll @IntRange(min = 0, max = 63) int length, @ForAll boolean skipping) {
    byte[] file = idx(0x803, new byte[48], 3, 4, 4); // 16 + 48 bytes
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> {
              try (IdxFile read = open(Arrays.copyOf(file, length))) {
                if (skipping) {
                  read.skip(2);
                }
                for (int row = skipping ? 2 : 0; row < 3; row++) {
                  read.row();
                }
              }
            });
    assertTrue(error.getMessage().contains("truncated"), error.getMessage());
  }

  @Test
  void aWrongMagicNumberIsNamed() {
    byte[] floats = idx(0xd03, new byte[16], 1, 4, 4);
    var error = assertThrows(InvalidInputException.class, () -> open(floats));
    assertTrue(error.getMessage().contains("magic number 0x00000d03"), error.getMessage());
  }

  @Test
  void sizesThatMakeNoSenseAreRefused() {
    assertThrows(InvalidInputException.class, () -> open(idx(0x803, new byte[0], 1, -4, 4)));
    assertThrows(InvalidInputException.class, () -> open(idx(0x803, new byte[0], -1, 4, 4)));
    assertThrows(
        InvalidInputException.class, () -> open(idx(0x803, new byte[0], 1, 1 << 30, 1 << 30)));
  }

  private static IdxFile open(byte[] content) throws IOException {
    return new IdxFile(new ByteArrayInputStream(content), "test.idx");
  }

  private static byte[] idx(int magic, byte[] content, int... dimensions) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * dimensions.length + content.length);
    file.putInt(magic);
    Arrays.stream(dimensions).forEach(file::putInt);
    return file.put(content).array();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(zipped)) {
      out.write(content);
    }
    return zipped.toByteArray();
  }
}
