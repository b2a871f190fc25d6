package io.latentlake.data;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Tables as the rows that Spark itself computes with: columns by their position, numbers without
 * boxes, fresh from the vectorized Parquet reader and the code Spark generates over it. {@link Row}
 * would make an object of every value.
 *
 * <p>An iterator of such rows may give the same object again and again: copy what has to outlive
 * the next one.
 *
 * <p>Spark calls these classes internal. What is used here and in {@link BoundEncoder}, and by the
 * rows that scoring writes, has been the same since Spark 3.0; it is all that a newer Spark could
 * break.
 */
public final class InternalRows {
  private InternalRows() {}

  /** A table's rows. */
  public static JavaRDD<InternalRow> of(Dataset<Row> table) {
    return table.queryExecution().toRdd().toJavaRDD();
  }

  /** A table's first rows, as copies. */
  public static List<InternalRow> first(Dataset<Row> table, int count) {
    return List.of(table.queryExecution().executedPlan().executeTake(count));
  }

  /** The table that such rows are; they may be reused by their iterator. */
  public static Dataset<Row> table(
      SparkSession spark, JavaRDD<InternalRow> rows, StructType schema) {
    return spark.internalCreateDataFrame(rows.rdd(), schema, false);
  }
}
