package io.latentlake.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * Which column a name means: the one of these very letters, dots and all; where there is none, its
 * dots lead into structs.
 */
public final class ColumnPath {
  private ColumnPath() {}

  /** The column's type; empty when there is none. */
  public static Optional<DataType> type(StructType schema, String name) {
    if (has(schema, name)) {
      return Optional.of(schema.apply(name).dataType());
    }
    DataType type = schema;
    for (String part : name.split("\\.", -1)) {
      if (!(type instanceof StructType struct) || !has(struct, part)) {
        return Optional.empty();
      }
      type = struct.apply(part).dataType();
    }
    return Optional.of(type);
  }

  /** The column of a table of this schema, whether it has it or not. */
  static Column column(StructType schema, String name) {
    Stream<String> parts =
        has(schema, name) ? Stream.of(name) : Arrays.stream(name.split("\\.", -1));
    return functions.col(
        parts.map(part -> "`" + part.replace("`", "``") + "`").collect(Collectors.joining(".")));
  }

  /**
   * A field of a struct in Spark's plan.
   *
   * @param struct of a type that has it
   */
  public static Expression field(Expression struct, String name) {
    var type = (StructType) struct.dataType();
    if (has(type, name)) {
      return new GetStructField(struct, type.fieldIndex(name), Option.empty());
    }
    int dot = name.indexOf('.');
    return field(field(struct, name.substring(0, dot)), name.substring(dot + 1));
  }

  /** Whether a name means no column, nor a field of one. */
  static boolean isNone(StructType schema, String name) {
    return type(schema, name).isEmpty() && name.indexOf('.') < 0;
  }

  /**
   * Every column, and in place of a struct its fields, as far down as names lead; a struct stays
   * one where they don't lead to all of its fields.
   *
   * @param without columns, structs and fields that are left out
   */
  static List<String> leaves(StructType schema, List<String> without) {
    var leaves = new ArrayList<String>();
    for (StructField column : schema.fields()) {
      addLeaves(schema, column.name(), column.dataType(), without, leaves);
    }
    return leaves;
  }

  private static void addLeaves(
      StructType schema, String name, DataType type, List<String> without, List<String> leaves) {
    if (without.contains(name)) {
      return;
    }
    if (!(type instanceof StructType struct) || !isOpen(schema, name, struct)) {
      leaves.add(name);
      return;
    }
    for (StructField field : struct.fields()) {
      addLeaves(schema, name + "." + field.name(), field.dataType(), without, leaves);
    }
  }

  /**
   * Whether names lead to a struct's fields: a dot in one, or a column of that name, is in the way.
   */
  private static boolean isOpen(StructType schema, String name, StructType struct) {
    return struct.length() > 0
        && Arrays.stream(struct.fieldNames())
            .noneMatch(field -> field.contains(".") || has(schema, name + "." + field));
  }

  private static boolean has(StructType schema, String name) {
    return Arrays.stream(schema.fields()).map(StructField::name).anyMatch(name::equals);
  }
}
