package io.latentlake.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;

/** Which of some levels a column has, found without making text of each row's value. */
public final class Levels {
  /** A value as the column's type has it, which levels are looked up by. */
  private interface ValueReader {
    Object read(InternalRow row, int ordinal);
  }

  private final ValueReader value;
  private final Map<Object, Integer> levels = new HashMap<>();
  private final List<String> ambiguous = new ArrayList<>();

  /**
   * Levels of a column.
   *
   * @param names the levels as text
   * @param type of the column; one of {@link #reads}
   */
  public Levels(List<String> names, DataType type) {
    value = value(type);
    for (int i = 0; i < names.size(); i++) {
      if (levels.put(key(names.get(i), type), i) != null) {
        ambiguous.add(names.get(i));
      }
    }
  }

  /** Those that such a column can't tell from one before: of whole numbers 007 and 7. */
  public List<String> ambiguous() {
    return List.copyOf(ambiguous);
  }

  /** Whether a column of such a type has levels. */
  public static boolean reads(DataType type) {
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

  /** Which one a row has, which isn't null there; −1 where it is none of them. */
  public int indexOf(InternalRow row, int ordinal) {
    return levels.getOrDefault(value.read(row, ordinal), -1);
  }

  /** The text of a row's value, which isn't null there. */
  static String text(InternalRow row, int ordinal, DataType type) {
    return value(type).read(row, ordinal).toString();
  }
}
