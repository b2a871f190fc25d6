package io.latentlake.data;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;

/**
 * A column's own values as text for a person: as Spark casts them, but times as ISO 8601 has them,
 * in UTC, and of long text the beginning. Not safe for use by two threads at once.
 */
final class OwnText {
  /** Characters. */
  private static final int LONGEST = 100;

  private static final long MICROS_A_SECOND = 1_000_000;
  private static final UTF8String MISSING = UTF8String.fromString("missing");
  private static final UTF8String NOT_A_NUMBER = UTF8String.fromString("NaN");
  private static final UTF8String MORE = UTF8String.fromString("…");

  /** The text of a value that isn't null. */
  private interface Text {
    UTF8String of(InternalRow row, int element);
  }

  private final int ordinal;
  private final Text text;

  /**
   * The values of one column.
   *
   * @param ordinal where it is in the rows
   */
  OwnText(int ordinal, DataType type) {
    this.ordinal = ordinal;
    this.text = text(ordinal, type);
  }

  /**
   * A row's value; "missing" where it is null or NaN.
   *
   * @param element which, of a column of bytes, an array or a vector; else 0
   */
  UTF8String of(InternalRow row, int element) {
    return row.isNullAt(ordinal) ? MISSING : text.of(row, element);
  }

  private static Text text(int ordinal, DataType type) {
    if (type instanceof StringType) {
      return (row, element) -> beginning(row.getUTF8String(ordinal));
    }
    if (type instanceof TimestampType) {
      return (row, element) -> UTF8String.fromString(iso(row.getLong(ordinal)) + "Z");
    }
    if (type instanceof TimestampNTZType) {
      return (row, element) -> UTF8String.fromString(iso(row.getLong(ordinal)));
    }
    if (type instanceof BinaryType) { // as the model sees it, and as what it expects is told
      Text number = number(0, DataTypes.FloatType);
      return (row, element) ->
          number.of(only((row.getBinary(ordinal)[element] & 0xff) * RowEncoder.BYTE_STEP), 0);
    }
    if (type.equals(SQLDataTypes.VectorType())) {
      Text number = number(0, DataTypes.DoubleType);
      return (row, element) ->
          number.of(only(RawReader.element(row.getStruct(ordinal, 4), element)), 0);
    }
    if (type instanceof ArrayType array) {
      Text number = number(0, array.elementType());
      return (row, element) ->
          number.of(only(row.getArray(ordinal).get(element, array.elementType())), 0);
    }
    return number(ordinal, type);
  }

  /** Also of dates and booleans. */
  private static Text number(int ordinal, DataType type) {
    var value = new BoundReference(ordinal, type, true);
    var cast = new Cast(value, DataTypes.StringType, Option.apply("UTC"));
    return (row, element) -> {
      var text = (UTF8String) cast.eval(row);
      return text.equals(NOT_A_NUMBER) ? MISSING : text;
    };
  }

  private static InternalRow only(Object value) {
    return new GenericInternalRow(new Object[] {value});
  }

  private static UTF8String beginning(UTF8String whole) {
    UTF8String beginning = whole.substring(0, LONGEST);
    return beginning.numBytes() < whole.numBytes() ? UTF8String.concat(beginning, MORE) : beginning;
  }

  /** To the second, and behind that as many digits as there are. */
  private static String iso(long micros) {
    long second = Math.floorDiv(micros, MICROS_A_SECOND);
    int nanos = (int) Math.floorMod(micros, MICROS_A_SECOND) * 1000;
    return LocalDateTime.ofEpochSecond(second, nanos, ZoneOffset.UTC)
        .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
  }
}
