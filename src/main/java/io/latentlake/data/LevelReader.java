package io.latentlake.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;

/** Reads a class, one-hot over its levels, without making text of each row's value. */
final class LevelReader implements ColumnReader {
  /** A value as the column's type has it, which {@link #levels} are looked up by. */
  private interface ValueReader {
    Object read(InternalRow row, int ordinal);
  }

  private final ValueReader value;
  private final Map<Object, Integer> levels = new HashMap<>();
  private final int width;

  /**
   * A reader.
   *
   * @param names the levels as text
   * @param type of the column; one of {@link #reads}
   */
  LevelReader(List<String> names, DataType type) {
    width = names.size();
    value = value(type);
    for (int i = 0; i < width; i++) {
      levels.put(key(names.get(i), type), i);
    }
  }

  /** Whether a column of such a type can be a class. */
  static boolean reads(DataType type) {
    return type instanceof StringType || type instanceof BooleanType || isIntegral(type);
  }

  private static boolean isIntegral(DataType type) {
    return type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType;
  }

  private static ValueReader value(DataType type) {
    if (type instanceof ByteType) {
      return (row, at) -> (long) row.getByte(at);
    }
    if (type instanceof ShortType) {
      return (row, at) -> (long) row.getShort(at);
    }
    if (type instanceof IntegerType) {
      return (row, at) -> (long) row.getInt(at);
    }
    if (type instanceof LongType) {
      return InternalRow::getLong;
    }
    return type instanceof BooleanType ? InternalRow::getBoolean : InternalRow::getUTF8String;
  }

  /** The value that a level is in a column of this type; text that none has stays text. */
  private static Object key(String level, DataType type) {
    if (type instanceof BooleanType && List.of("true", "false").contains(level)) {
      return Boolean.valueOf(level);
    }
    if (isIntegral(type)) {
      try {
        return Long.parseLong(level);
      } catch (NumberFormatException e) {
        return level;
      }
    }
    return UTF8String.fromString(level);
  }

  @Override
  public Optional<RejectReason> read(InternalRow row, int ordinal, float[] target, int at) {
    Integer level = levels.get(value.read(row, ordinal));
    if (level == null) {
      return Optional.of(RejectReason.UNSEEN_LEVEL);
    }
    Arrays.fill(target, at, at + width, 0);
    target[at + level] = 1;
    return Optional.empty();
  }
}
