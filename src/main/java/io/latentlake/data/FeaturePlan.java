package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.RowShape;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * Which columns make a row's features, and its condition behind them, in which order; fixed when a
 * model is trained and kept in it.
 *
 * @param columns the features', one behind the other
 * @param condition what stands behind them
 */
public record FeaturePlan(List<FeatureColumn> columns, Condition condition)
    implements Serializable {

  public FeaturePlan {
    if (columns == null || columns.isEmpty()) {
      throw new InvalidInputException("no feature columns; name them with --features");
    }
    columns = List.copyOf(columns);
  }

  /** Features without a condition. */
  public FeaturePlan(List<FeatureColumn> columns) {
    this(columns, Condition.NONE);
  }

  /** How many features a row has, and how wide its condition is. */
  public RowShape shape() {
    return new RowShape(columns.stream().mapToInt(FeatureColumn::width).sum(), condition.width());
  }

  /** Numbers a row, features and condition. */
  public int width() {
    return shape().width();
  }

  /** The names of all columns, as they stand in a row: the features', then the condition's. */
  public List<String> inputs() {
    return Stream.concat(names().stream(), condition.names().stream()).toList();
  }

  /** The columns that hold numbers, of the features and of the condition. */
  List<FeatureColumn> numbers() {
    return Stream.concat(columns.stream(), condition.numbers().stream()).toList();
  }

  /** The names of the features' columns. */
  public List<String> names() {
    return columns.stream().map(FeatureColumn::name).toList();
  }

  /**
   * The same features from columns of other names.
   *
   * @throws InvalidInputException when the number of names differs
   */
  public FeaturePlan renamed(List<String> names) {
    if (names.size() != columns.size()) {
      throw new InvalidInputException(
          "--features %s: the model takes %d columns, for %s"
              .formatted(String.join(",", names), columns.size(), names()));
    }
    return new FeaturePlan(
        IntStream.range(0, names.size())
            .mapToObj(i -> columns.get(i).renamed(names.get(i)))
            .toList(),
        condition);
  }

  /**
   * Whether every number is an unsigned byte (0 and 1 are, of a class), so that a row packs into a
   * quarter of the room.
   */
  public boolean allBytes() {
    return numbers().stream().allMatch(column -> column.kind() == FeatureColumn.Kind.BYTES);
  }

  /**
   * Checks that a table has these columns, with types that give the same features.
   *
   * @param what the table's name, for the error
   * @throws InvalidInputException naming the first column that doesn't fit
   */
  public void validate(StructType schema, String what) {
    for (FeatureColumn column : numbers()) {
      FeatureColumn.Kind found = kind(schema, column.name(), what);
      if (found != column.kind()) {
        throw new InvalidInputException(
            "%s: column '%s' is %s, but the model was trained on %s"
                .formatted(
                    what,
                    column.name(),
                    type(schema, column.name(), what).simpleString(),
                    column.kind()));
      }
    }
    for (ClassColumn column : condition.classes()) {
      if (!isClass(schema, column.name(), what)) {
        throw new InvalidInputException(
            "%s: column '%s' is %s, but the model was trained on a class: text, whole numbers or booleans"
                .formatted(what, column.name(), type(schema, column.name(), what).simpleString()));
      }
    }
  }

  /**
   * How a column's values become features.
   *
   * @throws InvalidInputException when there is no such column or its type gives none
   */
  static FeatureColumn.Kind kind(StructType schema, String column, String what) {
    DataType type = type(schema, column, what);
    if (type instanceof BinaryType) {
      return FeatureColumn.Kind.BYTES;
    }
    if (type.equals(SQLDataTypes.VectorType())) {
      return FeatureColumn.Kind.VECTOR;
    }
    if (type instanceof ArrayType array
        && (array.elementType().equals(DataTypes.FloatType)
            || array.elementType().equals(DataTypes.DoubleType))) {
      return FeatureColumn.Kind.ARRAY;
    }
    if (type instanceof NumericType) {
      return FeatureColumn.Kind.NUMBER;
    }
    throw new InvalidInputException(
        "%s: column '%s' is %s; features must be binary, an ML vector, an array of float or double,"
                .formatted(what, column, type.simpleString())
            + " or numbers");
  }

  /**
   * Whether a column of the condition is a class: text, whole numbers and booleans are.
   *
   * @throws InvalidInputException when there is no such column
   */
  static boolean isClass(StructType schema, String column, String what) {
    return LevelReader.reads(type(schema, column, what));
  }

  private static DataType type(StructType schema, String column, String what) {
    return ColumnPath.type(schema, column)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "%s: no column '%s'; its columns are %s"
                        .formatted(what, column, String.join(", ", schema.fieldNames()))));
  }
}
