package io.latentlake.data;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.ml.functions.vector_to_array;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * The way back from features to columns: what a model gives, as one array of floats a row, becomes
 * columns of the kinds that it reads.
 */
public final class FeatureColumns {
  private static final UserDefinedFunction TO_BYTES =
      functions.udf(
          (UDF1<Seq<Float>, byte[]>) values -> bytes(new byte[values.size()], values),
          DataTypes.BinaryType);

  private static final UserDefinedFunction FILL_BYTES =
      functions.udf(
          (UDF2<byte[], Seq<Float>, byte[]>) (read, values) -> bytes(read.clone(), values),
          DataTypes.BinaryType);

  private FeatureColumns() {}

  /**
   * Replaces an array column by the features' columns.
   *
   * @param values the array column, {@code array<float>} of the plan's width
   * @param naming what the column of a feature column's name is called
   */
  public static Dataset<Row> unfold(
      Dataset<Row> table, FeaturePlan plan, String values, UnaryOperator<String> naming) {
    var selected = new ArrayList<Column>();
    for (String name : table.columns()) {
      if (!name.equals(values)) {
        selected.add(FeaturePlanner.quoted(name));
      }
    }
    int at = 1;
    for (ColumnPlan column : plan.columns()) {
      selected.add(made(column, values, at).as(naming.apply(column.name())));
      at += column.width();
    }
    return table.select(selected.toArray(Column[]::new));
  }

  private static Column made(ColumnPlan column, String values, int at) {
    if (!(column instanceof FeatureColumn raw)) {
      return value(column, values, at, column.type());
    }
    Column part = part(raw, values, at);
    return switch (raw.kind()) {
      case BYTES -> TO_BYTES.apply(part);
      case VECTOR -> array_to_vector(part);
      case ARRAY -> part;
      case NUMBER -> part.cast(DataTypes.DoubleType);
    };
  }

  /** What a planned column's features stand for; null where that is no single value. */
  private static Column value(ColumnPlan column, String values, int at, DataType type) {
    UserDefinedFunction text =
        functions.udf(
            (UDF1<Seq<Float>, String>) features -> column.value(floats(features), 0).orElse(null),
            DataTypes.StringType);
    return text.apply(functions.slice(FeaturePlanner.quoted(values), at, column.width()))
        .cast(type);
  }

  private static float[] floats(Seq<Float> values) {
    var floats = new float[values.size()];
    Iterator<Float> each = values.iterator();
    for (int i = 0; i < floats.length; i++) {
      floats[i] = each.next();
    }
    return floats;
  }

  /**
   * Fills the gaps of the features' columns and drops the array column that says with what. All
   * other values stay what they are, to the bit, and every column keeps its type and place; what
   * fills a column of whole numbers is rounded. A gap in a planned column that no single value
   * fills, as where a level's hash is expected, stays one.
   *
   * @param values the array column, {@code array<float>} of the plan's width, NaN where there is no
   *     gap
   * @param order the columns of the result
   */
  public static Dataset<Row> fill(
      Dataset<Row> table, FeaturePlan plan, String values, List<String> order) {
    Dataset<Row> filled = table;
    int at = 1;
    for (ColumnPlan column : plan.columns()) {
      DataType type = table.schema().apply(column.name()).dataType();
      filled = filled.withColumn(column.name(), filled(column, values, at, type));
      at += column.width();
    }
    return filled.select(order.stream().map(FeaturePlanner::quoted).toArray(Column[]::new));
  }

  private static Column filled(ColumnPlan column, String values, int at, DataType type) {
    Column read = FeaturePlanner.quoted(column.name());
    if (!(column instanceof FeatureColumn raw)) {
      return functions.coalesce(value(column, values, at, type), read);
    }
    Column part = part(raw, values, at);
    return switch (raw.kind()) {
      case BYTES -> FILL_BYTES.apply(read, part);
      case VECTOR ->
          array_to_vector(zipped(vector_to_array(read, "float64"), part, DataTypes.DoubleType));
      case ARRAY -> zipped(read, part, ((ArrayType) type).elementType());
      case NUMBER -> chosen(read, part, type);
    };
  }

  private static Column part(FeatureColumn column, String values, int at) {
    Column all = FeaturePlanner.quoted(values);
    return column.kind() == FeatureColumn.Kind.NUMBER
        ? functions.element_at(all, at)
        : functions.slice(all, at, column.width());
  }

  private static Column zipped(Column read, Column values, DataType type) {
    return functions.zip_with(read, values, (each, value) -> chosen(each, value, type));
  }

  private static Column chosen(Column read, Column value, DataType type) {
    boolean whole =
        !(type.equals(DataTypes.DoubleType)
            || type.equals(DataTypes.FloatType)
            || type instanceof DecimalType);
    Column filling = whole ? functions.rint(value) : value;
    return functions.when(functions.isnan(value), read).otherwise(filling.cast(type));
  }

  /** Writes bytes of 1/255 each, but where a value is NaN. */
  private static byte[] bytes(byte[] target, Seq<Float> values) {
    Iterator<Float> each = values.iterator();
    for (int i = 0; i < target.length; i++) {
      float value = each.next();
      if (!Float.isNaN(value)) {
        target[i] = (byte) Math.round(Math.max(0, Math.min(1, value)) / RowEncoder.BYTE_STEP);
      }
    }
    return target;
  }
}
