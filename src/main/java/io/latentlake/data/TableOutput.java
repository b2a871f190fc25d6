package io.latentlake.data;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Where a job writes its table, and beside it the rows that it could not use. */
public interface TableOutput extends AutoCloseable {
  /**
   * Checks, before any work, that such a table can be written, as far as that can be known.
   *
   * @param rows the table's columns
   * @param partitionBy those that it is to be partitioned by
   * @throws io.latentlake.spec.InvalidInputException naming what doesn't fit
   */
  default void requireFit(StructType rows, List<String> partitionBy) {}

  /**
   * The same for rows that could not be used, as soon as there are any.
   *
   * @param rejected their columns
   * @throws io.latentlake.spec.InvalidInputException naming what doesn't fit
   */
  default void requireRejectedFit(StructType rejected) {}

  /** Writes the table. */
  void write(DataFrameWriter<Row> rows);

  /** Writes the rows that could not be used. */
  void writeRejected(DataFrameWriter<Row> rows);

  /**
   * Where the rows that could not be used are.
   *
   * @param output what the user calls the output
   */
  String rejected(String output);

  /** Whether what was written is not to be seen before the commit. */
  boolean isStaged();

  /** Whether writing all of it once more, after a failure, leaves each row there once. */
  default boolean isRepeatable() {
    return isStaged();
  }

  /** Makes what was written appear, where that hasn't been done by writing it. */
  void commit() throws IOException;

  /** Removes what was written and not committed, where that can be. */
  @Override
  default void close() throws IOException {}
}
