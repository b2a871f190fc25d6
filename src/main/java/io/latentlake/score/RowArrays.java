package io.latentlake.score;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A column that holds a row's features as one array, between a {@link BatchWork} and Spark. */
final class RowArrays {
  /** No column of a table has that name. */
  static final String COLUMN = "__latentlake_features";

  static final StructType SCHEMA =
      new StructType().add(COLUMN, DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private RowArrays() {}

  /** Writes one row of {@code [rows, width]} into the only column of {@link #SCHEMA}. */
  static void write(float[] rows, int row, int width, InternalRow added) {
    float[] features = Arrays.copyOfRange(rows, row * width, (row + 1) * width);
    added.update(0, UnsafeArrayData.fromPrimitiveArray(features));
  }

  /** The rows of {@code [rows, width]}, each an array of its own. */
  static float[][] split(float[] rows, int width) {
    var split = new float[rows.length / width][];
    for (int row = 0; row < split.length; row++) {
      split[row] = Arrays.copyOfRange(rows, row * width, (row + 1) * width);
    }
    return split;
  }

  /** Σ(a − b)² over so many elements from the given ones on. */
  static double squaredDistance(float[] a, int fromA, float[] b, int fromB, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double difference = a[fromA + i] - b[fromB + i];
      sum += difference * difference;
    }
    return sum;
  }
}
