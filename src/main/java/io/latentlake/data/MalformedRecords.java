package io.latentlake.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The records of a CSV or JSON file that are none: cut short, with more or fewer cells than
 * columns, or with a cell that isn't of its column's type. Spark makes a row of nulls of them, with
 * their text in a column of its own. That column is no feature, and isn't kept.
 */
public final class MalformedRecords {
  /** What the column of their text is called, by Spark too. */
  public static final String TEXT = "_corrupt_record";

  private MalformedRecords() {}

  /** A schema by which their text is read too. */
  static StructType with(StructType schema) {
    return without(schema).add(TEXT, DataTypes.StringType);
  }

  /** A table's columns but for the text of malformed records. */
  public static StructType without(StructType schema) {
    return new StructType(
        Arrays.stream(schema.fields()).filter(field -> !isText(field)).toArray(StructField[]::new));
  }

  /** The names of a table's columns but for the text of malformed records. */
  public static List<String> columns(Dataset<Row> table) {
    return List.of(without(table.schema()).fieldNames());
  }

  /**
   * The rows of a table that are of records. They come out of a pass that asks for all columns:
   * what is selected of them doesn't reach Spark's reader, which would find fewer malformed.
   */
  static Dataset<Row> dropped(Dataset<Row> table) {
    StructType schema = table.schema();
    if (!isReadWith(schema)) {
      return table;
    }
    int text = schema.fieldIndex(TEXT);
    JavaRDD<InternalRow> records = InternalRows.of(table).filter(row -> row.isNullAt(text));
    return InternalRows.table(table.sparkSession(), records, schema);
  }

  /**
   * All columns of a table that is read with them, as one. Spark parses only what is asked for, and
   * of a cell that is not it doesn't see that it is malformed: so that every pass over a table
   * finds the same records malformed, each asks for all.
   */
  static Optional<Column> whole(Dataset<Row> table) {
    Column[] all =
        Arrays.stream(table.columns()).map(FeaturePlanner::quoted).toArray(Column[]::new);
    return isReadWith(table.schema())
        ? Optional.of(functions.struct(all).as(TEXT))
        : Optional.empty();
  }

  private static boolean isReadWith(StructType schema) {
    return Arrays.stream(schema.fields()).anyMatch(MalformedRecords::isText);
  }

  private static boolean isText(StructField field) {
    return field.name().equals(TEXT) && field.dataType().equals(DataTypes.StringType);
  }
}
