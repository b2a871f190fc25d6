package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * The start of an IDX file, the format of MNIST: two zero bytes, the element type, the number of
 * dimensions, then each dimension as a big-endian int. Only unsigned bytes (type 0x08) are read.
 *
 * @param rows the first dimension
 * @param rowBytes the product of the others: 784 for 28×28 images, 1 for labels
 */
record IdxHeader(int rows, int rowBytes) {
  private static final int UNSIGNED_BYTE = 0x08;

  /**
   * Reads a header and leaves the stream at the first row.
   *
   * @param name what to call the file in an error
   * @throws InvalidInputException when it isn't an IDX file of unsigned bytes
   */
  static IdxHeader read(DataInputStream in, String name) throws IOException {
    try {
      int magic = in.readInt();
      int dimensions = magic & 0xff;
      if (magic >>> 16 != 0 || (magic >>> 8 & 0xff) != UNSIGNED_BYTE || dimensions < 1) {
        throw new InvalidInputException(
            "%s: magic number 0x%08x: not an IDX file of unsigned bytes (0x000008nn)"
                .formatted(name, magic));
      }
      int rows = in.readInt();
      long rowBytes = 1;
      for (int i = 1; i < dimensions; i++) {
        int size = in.readInt();
        rowBytes = size < 0 ? -1 : rowBytes * size;
      }
      if (rows < 0 || rowBytes < 1 || rowBytes > Integer.MAX_VALUE) {
        throw new InvalidInputException(
            "%s: %d rows of %d bytes: not a usable IDX header".formatted(name, rows, rowBytes));
      }
      return new IdxHeader(rows, (int) rowBytes);
    } catch (EOFException e) {
      throw new InvalidInputException(name + ": ends inside its IDX header; it is truncated", e);
    }
  }
}
