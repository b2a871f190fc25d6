package io.latentlake.train;

import io.latentlake.data.RowEncoder;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A block of rows in one array: unsigned bytes where every feature is one, floats otherwise.
 * Unpacking gives back the very floats that were packed.
 */
final class PackedRows implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int rows;
  private final int width;
  private final byte[] bytes;
  private final float[] floats;

  private PackedRows(int rows, int width, byte[] bytes, float[] floats) {
    this.rows = rows;
    this.width = width;
    this.bytes = bytes;
    this.floats = floats;
  }

  int rows() {
    return rows;
  }

  /** Writes one row's features, {@code width} numbers from {@code offset} on. */
  void unpack(int row, float[] target, int offset) {
    if (floats != null) {
      System.arraycopy(floats, row * width, target, offset, width);
      return;
    }
    for (int i = 0; i < width; i++) {
      target[offset + i] = (bytes[row * width + i] & 0xff) * RowEncoder.BYTE_STEP;
    }
  }

  /** Fills a block row by row. */
  static final class Builder {
    private final int capacity;
    private final int width;
    private final boolean asBytes;
    private float[] floats;
    private int rows;

    Builder(int capacity, int width, boolean asBytes) {
      this.capacity = capacity;
      this.width = width;
      this.asBytes = asBytes;
      this.floats = new float[capacity * width];
    }

    /** Takes over one row's features; true when the block is full. */
    boolean add(float[] features) {
      System.arraycopy(features, 0, floats, rows++ * width, width);
      return rows == capacity;
    }

    boolean isEmpty() {
      return rows == 0;
    }

    /** The block; the builder starts the next. */
    PackedRows build() {
      float[] used = Arrays.copyOf(floats, rows * width);
      var block = new PackedRows(rows, width, asBytes ? bytes(used) : null, asBytes ? null : used);
      rows = 0;
      return block;
    }

    private static byte[] bytes(float[] values) {
      var bytes = new byte[values.length];
      for (int i = 0; i < values.length; i++) {
        bytes[i] = (byte) Math.round(values[i] / RowEncoder.BYTE_STEP);
      }
      return bytes;
    }
  }
}
