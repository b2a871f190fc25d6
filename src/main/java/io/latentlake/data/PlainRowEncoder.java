package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Turns rows of Java objects into features and condition, as {@link RowEncoder} does those of
 * tables: each value becomes what Spark would hold it as, and is read as a table's. Not safe for
 * use by two threads at once.
 */
public final class PlainRowEncoder {
  private static final VectorUDT VECTOR = new VectorUDT();

  private final RowEncoder encoder;
  private final List<String> names;

  /** What encodes rows of these types; most services send the same ones again and again. */
  private StructType types = new StructType();

  private BoundEncoder bound;

  public PlainRowEncoder(RowEncoder encoder) {
    this.encoder = encoder;
    this.names = encoder.plan().inputs();
  }

  /**
   * Writes a row's features, and its condition behind them.
   *
   * @param row each column's value: a number, {@code byte[]}, {@code float[]}, {@code double[]}, a
   *     list of numbers, an ML vector, text, a boolean, or a date or time of {@code java.time} or
   *     {@code java.sql}; other keys are passed over
   * @param target where to, from its first number on
   * @return why the row can't be used; empty when it can
   * @throws InvalidInputException when a column isn't there, or of a type that the model can't read
   */
  public Optional<RejectReason> encode(Map<String, ?> row, float[] target) {
    var values = new Object[names.size()];
    var schema = new StructType();
    for (int i = 0; i < values.length; i++) {
      String name = names.get(i);
      if (!row.containsKey(name)) {
        throw new InvalidInputException(
            "row: no value of '%s'; give %s, null where one is missing"
                .formatted(name, String.join(", ", names)));
      }
      Literal value = literal(name, row.get(name));
      values[i] = value.value();
      schema = schema.add(name, value.dataType());
    }
    bind(schema);
    InternalRow internal = new GenericInternalRow(values);
    return bound.encode(internal, target, 0);
  }

  private void bind(StructType schema) {
    if (!schema.equals(types)) {
      encoder.plan().validate(schema, "row");
      bound = encoder.bind(schema);
      types = schema;
    }
  }

  private Literal literal(String name, Object value) {
    Optional<FeatureColumn.Kind> kind = kind(name);
    if (value == null) {
      return new Literal(null, kind.map(PlainRowEncoder::type).orElseGet(() -> planned(name)));
    }
    boolean vector = kind.equals(Optional.of(FeatureColumn.Kind.VECTOR));
    if (value instanceof List<?> list) {
      return literal(name, list.toArray(Number[]::new));
    }
    if (value instanceof Number[] numbers) {
      return literal(name, doubles(numbers));
    }
    if (value instanceof float[] floats) {
      return vector
          ? vector(Vectors.dense(widened(floats)))
          : array(UnsafeArrayData.fromPrimitiveArray(floats), DataTypes.FloatType);
    }
    if (value instanceof double[] doubles) {
      return vector
          ? vector(Vectors.dense(doubles))
          : array(UnsafeArrayData.fromPrimitiveArray(doubles), DataTypes.DoubleType);
    }
    return value instanceof Vector features ? vector(features) : other(name, value);
  }

  private static Literal other(String name, Object value) {
    try {
      return Literal$.MODULE$.apply(value);
    } catch (RuntimeException e) {
      throw new InvalidInputException(
          "row: '%s' is a %s, which no column holds; give a number, text, a boolean, a date or time, an array or a vector"
              .formatted(name, value.getClass().getName()),
          e);
    }
  }

  private static Literal vector(Vector vector) {
    return new Literal(VECTOR.serialize(vector), SQLDataTypes.VectorType());
  }

  private static Literal array(Object values, DataType element) {
    return new Literal(values, DataTypes.createArrayType(element));
  }

  /** A null among them is no number, which rejects a row as a null does. */
  private static double[] doubles(Number[] numbers) {
    return Arrays.stream(numbers)
        .mapToDouble(n -> n == null ? Double.NaN : n.doubleValue())
        .toArray();
  }

  private static double[] widened(float[] floats) {
    var wide = new double[floats.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = floats[i];
    }
    return wide;
  }

  private Optional<FeatureColumn.Kind> kind(String name) {
    return encoder.plan().numbers().stream()
        .filter(column -> column.name().equals(name))
        .map(FeatureColumn::kind)
        .findFirst();
  }

  /** The type that a column without a value is taken to be of: a class is text. */
  private DataType planned(String name) {
    return encoder.plan().columns().stream()
        .filter(column -> column.name().equals(name))
        .map(ColumnPlan::type)
        .findFirst()
        .orElse(DataTypes.StringType);
  }

  private static DataType type(FeatureColumn.Kind kind) {
    return switch (kind) {
      case BYTES -> DataTypes.BinaryType;
      case VECTOR -> SQLDataTypes.VectorType();
      case ARRAY -> new ArrayType(DataTypes.DoubleType, true);
      case NUMBER -> DataTypes.DoubleType;
    };
  }

  /**
   * The same for a row of numbers alone.
   *
   * @param row the columns' values, one behind the other
   * @throws InvalidInputException when a column is of bytes or a class, or there are more or fewer
   *     numbers
   */
  public Optional<RejectReason> encode(float[] row, float[] target) {
    FeaturePlan plan = encoder.plan();
    if (row.length != plan.width()) {
      throw new InvalidInputException(
          "row: %d numbers; the model takes %d, for %s".formatted(row.length, plan.width(), names));
    }
    if (!plan.condition().classes().isEmpty()) {
      throw new InvalidInputException(
          "row: %s is a class and not a number; give a map"
              .formatted(plan.condition().classes().get(0).name()));
    }
    var values = new LinkedHashMap<String, Object>();
    int at = 0;
    for (FeatureColumn column : plan.numbers()) {
      values.put(column.name(), value(column, row, at));
      at += column.width();
    }
    return encode(values, target);
  }

  private static Object value(FeatureColumn column, float[] row, int at) {
    return switch (column.kind()) {
      case NUMBER -> row[at];
      case ARRAY, VECTOR -> Arrays.copyOfRange(row, at, at + column.width());
      case BYTES ->
          throw new InvalidInputException(
              "row: %s is bytes and not numbers; give a map".formatted(column.name()));
    };
  }
}
