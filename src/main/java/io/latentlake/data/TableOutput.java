package io.latentlake.data;

import java.io.IOException;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;

/** Where a job writes its table, and beside it the rows that it could not use. */
public interface TableOutput extends AutoCloseable {
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

  /** Makes what was written appear, where that hasn't been done by writing it. */
  void commit() throws IOException;

  /** Removes what was written and not committed, where that can be. */
  @Override
  default void close() throws IOException {}
}
