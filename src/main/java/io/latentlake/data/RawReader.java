package io.latentlake.data;

import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Reads a column whose values are features as they are. */
final class RawReader implements ColumnReader {
  /** The first field of an ML vector that holds every value; a sparse one has 0 there. */
  private static final byte DENSE = 1;

  private final ColumnReader reader;

  /** Whether an element of an array may be null: NaN then stands for it. */
  private final boolean gaps;

  RawReader(FeatureColumn column, DataType type, boolean gaps) {
    this.gaps = gaps;
    this.reader = reader(column, type);
  }

  @Override
  public Optional<RejectReason> read(InternalRow row, int ordinal, float[] target, int at) {
    return reader.read(row, ordinal, target, at);
  }

  private ColumnReader reader(FeatureColumn column, DataType type) {
    int width = column.width();
    return switch (column.kind()) {
      case BYTES -> (row, at, features, to) -> bytes(row.getBinary(at), width, features, to);
      case VECTOR -> (row, at, features, to) -> vector(row.getStruct(at, 4), width, features, to);
      case ARRAY -> {
        boolean doubles = ((ArrayType) type).elementType().equals(DataTypes.DoubleType);
        yield (row, at, features, to) -> array(row.getArray(at), doubles, width, features, to);
      }
      case NUMBER -> {
        NumberReader number = NumberReader.of(type);
        yield (row, at, features, to) -> {
          features[to] = (float) number.read(row, at);
          return Optional.empty();
        };
      }
    };
  }

  private static Optional<RejectReason> bytes(byte[] values, int width, float[] features, int to) {
    if (values.length != width) {
      return Optional.of(RejectReason.WRONG_LENGTH);
    }
    for (int i = 0; i < width; i++) {
      features[to + i] = (values[i] & 0xff) * RowEncoder.BYTE_STEP;
    }
    return Optional.empty();
  }

  /** An ML vector is stored as (kind, size, indices, values); a dense one has only values. */
  private Optional<RejectReason> vector(InternalRow vector, int width, float[] features, int to) {
    ArrayData values = vector.getArray(3);
    if (vector.getByte(0) == DENSE) {
      return array(values, true, width, features, to);
    }
    if (vector.getInt(1) != width) {
      return Optional.of(RejectReason.WRONG_LENGTH);
    }
    Arrays.fill(features, to, to + width, 0);
    ArrayData indices = vector.getArray(2);
    for (int i = 0; i < indices.numElements(); i++) {
      features[to + indices.getInt(i)] = (float) values.getDouble(i);
    }
    return Optional.empty();
  }

  /** One value of an ML vector. */
  static double element(InternalRow vector, int i) {
    ArrayData values = vector.getArray(3);
    if (vector.getByte(0) == DENSE) {
      return values.getDouble(i);
    }
    int at = Arrays.binarySearch(vector.getArray(2).toIntArray(), i);
    return at < 0 ? 0 : values.getDouble(at);
  }

  private Optional<RejectReason> array(
      ArrayData values, boolean doubles, int width, float[] features, int to) {
    if (values.numElements() != width) {
      return Optional.of(RejectReason.WRONG_LENGTH);
    }
    for (int i = 0; i < width; i++) {
      boolean missing = values.isNullAt(i);
      if (missing && !gaps) {
        return Optional.of(RejectReason.NULL_VALUE);
      }
      features[to + i] =
          missing ? Float.NaN : doubles ? (float) values.getDouble(i) : values.getFloat(i);
    }
    return Optional.empty();
  }
}
