package io.latentlake.train;

import io.latentlake.data.RowEncoder;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;

/**
 * A block of rows in one array: unsigned bytes where every feature is one, floats otherwise.
 * Unpacking gives back the very floats that were packed.
 */
final class PackedRows implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long HASH_SEED = 42;

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

  /** A hash of one row's values. */
  long hash(int row) {
    return floats != null
        ? XXH64.hashUnsafeBytes(
            floats,
            Platform.FLOAT_ARRAY_OFFSET + (long) Float.BYTES * row * width,
            Float.BYTES * width,
            HASH_SEED)
        : XXH64.hashUnsafeBytes(
            bytes, Platform.BYTE_ARRAY_OFFSET + (long) row * width, width, HASH_SEED);
  }

  /** The rows as they lie in a file, one behind the other; not to be written to. */
  byte[] stored() {
    if (bytes != null) {
      return bytes;
    }
    ByteBuffer buffer = littleEndian(new byte[floats.length * Float.BYTES]);
    buffer.asFloatBuffer().put(floats);
    return buffer.array();
  }

  /** Rows as they lay in a file; takes the array over. */
  static PackedRows of(byte[] stored, RowLayout layout) {
    int rows = stored.length / layout.bytes();
    if (layout.asBytes()) {
      return new PackedRows(rows, layout.width(), stored, null);
    }
    var floats = new float[rows * layout.width()];
    littleEndian(stored).asFloatBuffer().get(floats);
    return new PackedRows(rows, layout.width(), null, floats);
  }

  private static ByteBuffer littleEndian(byte[] stored) {
    return ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Fills a block row by row. */
  static final class Builder {
    private final int capacity;
    private final RowLayout layout;
    private final float[] floats;
    private int rows;

    Builder(int capacity, RowLayout layout) {
      this.capacity = capacity;
      this.layout = layout;
      this.floats = new float[Math.multiplyExact(capacity, layout.width())];
    }

    /** Takes over one row's features; true when the block is full. */
    boolean add(float[] features) {
      System.arraycopy(features, 0, floats, rows++ * layout.width(), layout.width());
      return rows == capacity;
    }

    boolean isEmpty() {
      return rows == 0;
    }

    /** The block; the builder starts the next. */
    PackedRows build() {
      float[] used = Arrays.copyOf(floats, rows * layout.width());
      boolean asBytes = layout.asBytes();
      var block =
          new PackedRows(rows, layout.width(), asBytes ? bytes(used) : null, asBytes ? null : used);
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
