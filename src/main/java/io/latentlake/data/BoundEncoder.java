package io.latentlake.data;

import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;

/**
 * Turns the rows of one table, as {@link RowEncoder#select} made it, into features and condition.
 * How each column is read is settled once, and not for every row.
 */
public final class BoundEncoder {
  /** The first field of an ML vector that holds every value; a sparse one has 0 there. */
  private static final byte DENSE = 1;

  /** How a number of some type becomes a float. */
  private interface NumberReader {
    float read(InternalRow row, int ordinal);
  }

  private final ColumnReader[] readers;
  private final int[] widths;
  private final int keptColumns;
  private final int width;
  private final Support support;
  private final boolean supported;

  /** Whether a feature may be missing: NaN then stands for it. */
  private final boolean gaps;

  BoundEncoder(FeaturePlan plan, Support support, StructType schema, boolean gaps) {
    this.width = plan.width();
    this.gaps = gaps;
    int columns = plan.inputs().size();
    this.widths = new int[columns];
    this.readers = new ColumnReader[columns];
    int at = 0;
    for (FeatureColumn column : plan.columns()) {
      widths[at] = column.width();
      readers[at] = feature(reader(column, schema.fields()[at++].dataType()), column.kind());
    }
    for (ClassColumn column : plan.condition().classes()) {
      widths[at] = column.width();
      readers[at] = condition(new LevelReader(column.levels(), schema.fields()[at++].dataType()));
    }
    for (FeatureColumn column : plan.condition().numbers()) {
      widths[at] = column.width();
      readers[at] = condition(reader(column, schema.fields()[at++].dataType()));
    }
    this.keptColumns =
        schema.size() > readers.length
            ? ((StructType) schema.fields()[readers.length].dataType()).size()
            : 0;
    this.support = support;
    this.supported = plan.allBytes() && support.holdsUnitCube();
  }

  /** Numbers a row, features and condition. */
  public int width() {
    return width;
  }

  /**
   * Writes a row's features, and its condition behind them.
   *
   * @param target where to, {@link #width()} numbers from {@code offset} on; left half-written when
   *     the row is rejected
   * @return why the row can't be used; empty when it can
   */
  public Optional<RejectReason> encode(InternalRow row, float[] target, int offset) {
    int at = offset;
    for (int i = 0; i < readers.length; i++) {
      Optional<RejectReason> rejected = readers[i].read(row, i, target, at);
      if (rejected.isPresent()) {
        return rejected;
      }
      at += widths[i];
    }
    // Bytes are within [0, 1] by themselves.
    return supported ? Optional.empty() : support.check(target, offset, gaps);
  }

  /** The kept columns of a row, for as long as the row lasts. */
  public InternalRow kept(InternalRow row) {
    return keptColumns == 0 ? InternalRow.empty() : row.getStruct(readers.length, keptColumns);
  }

  private ColumnReader feature(ColumnReader reader, FeatureColumn.Kind kind) {
    return gaps ? orGap(kind, reader) : orNull(reader, RejectReason.NULL_VALUE);
  }

  private static ColumnReader condition(ColumnReader reader) {
    return orNull(reader, RejectReason.NULL_CONDITION);
  }

  private static ColumnReader orNull(ColumnReader reader, RejectReason reason) {
    return (row, at, features, to) ->
        row.isNullAt(at) ? Optional.of(reason) : reader.read(row, at, features, to);
  }

  /** A whole array, vector or image that is null is no gap: nothing says how long it was. */
  private static ColumnReader orGap(FeatureColumn.Kind kind, ColumnReader reader) {
    ColumnReader present = orNull(reader, RejectReason.NULL_VALUE);
    return (row, at, features, to) -> {
      if (kind == FeatureColumn.Kind.NUMBER && row.isNullAt(at)) {
        features[to] = Float.NaN;
        return Optional.empty();
      }
      return present.read(row, at, features, to);
    };
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
        NumberReader number = number(type);
        yield (row, at, features, to) -> {
          features[to] = number.read(row, at);
          return Optional.empty();
        };
      }
    };
  }

  private static NumberReader number(DataType type) {
    if (type instanceof DecimalType decimal) {
      int precision = decimal.precision();
      int scale = decimal.scale();
      return (row, at) -> row.getDecimal(at, precision, scale).toFloat();
    }
    return switch (type.typeName()) {
      case "byte" -> InternalRow::getByte;
      case "short" -> InternalRow::getShort;
      case "integer" -> InternalRow::getInt;
      case "long" -> InternalRow::getLong;
      case "float" -> InternalRow::getFloat;
      case "double" -> (row, at) -> (float) row.getDouble(at);
      default -> throw new IllegalArgumentException(type.typeName() + " is no number");
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
