package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import java.io.Serializable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * What a {@link TableJob} does with a table's rows, a batch at a time. Owns the network and the
 * native memory of one task; not safe for use by two threads at once.
 */
interface BatchWork extends AutoCloseable {

  /** How executors come by their work, and what it adds to a row. */
  interface Recipe extends Serializable {
    /** The columns it adds. */
    StructType columns();

    /** The same for rows of which these columns are kept, which are all that it may look at. */
    default Recipe keeping(StructType kept) {
      return this;
    }

    /** Work for one task; its caller closes it. */
    BatchWork open(TrainedVae model);

    /** Last changes to the table, in Spark's terms: from what the work added to what is written. */
    default Dataset<Row> finish(Dataset<Row> table) {
      return table;
    }
  }

  /** Rows a batch. */
  int capacity();

  /** Where the features of up to {@link #capacity()} rows are put, one behind the other. */
  float[] staging();

  /** Works on the first staged rows. */
  void run(int rows);

  /** Writes what a row of the last batch gets into {@link Recipe#columns()}. */
  void write(int row, InternalRow added);

  /** The same for work that looks at more of the row than its features. */
  default void write(int row, InputRow input, InternalRow added) {
    write(row, added);
  }

  /** Whether that is more than the columns that are kept, so that the batch keeps whole rows. */
  default boolean readsRows() {
    return false;
  }

  /** Sums over all rows that were worked on; what they mean is the work's own matter. */
  default double[] sums() {
    return new double[0];
  }

  @Override
  void close();
}
