package io.latentlake.data;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;

/** Reads a number of some type. */
interface NumberReader {
  double read(InternalRow row, int ordinal);

  /** The reader of a numeric type. */
  static NumberReader of(DataType type) {
    if (type instanceof DecimalType decimal) {
      int precision = decimal.precision();
      int scale = decimal.scale();
      return (row, at) -> row.getDecimal(at, precision, scale).toDouble();
    }
    return switch (type.typeName()) {
      case "byte" -> InternalRow::getByte;
      case "short" -> InternalRow::getShort;
      case "integer" -> InternalRow::getInt;
      case "long" -> InternalRow::getLong;
      case "float" -> InternalRow::getFloat;
      case "double" -> InternalRow::getDouble;
      default -> throw new IllegalArgumentException(type.typeName() + " is no number");
    };
  }
}
