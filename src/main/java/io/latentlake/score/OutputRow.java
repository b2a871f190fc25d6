package io.latentlake.score;

import io.latentlake.data.RejectReason;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * An internal row of Spark's that joins columns of the input with those that a job adds. It is the
 * same object for every row, without boxes; Spark copies it as it goes on to the writer.
 */
final class OutputRow {
  private final SpecificInternalRow added;
  private final JoinedRow joined = new JoinedRow();

  /**
   * A row.
   *
   * @param added the columns that are added
   */
  OutputRow(StructType added) {
    this.added = new SpecificInternalRow(added);
  }

  /** What is added; to be written before {@link #behind}. */
  InternalRow added() {
    return added;
  }

  /** Columns of the input, and what is added behind them. */
  InternalRow behind(InternalRow kept) {
    return joined.apply(kept, added);
  }

  /** Columns of the input, and nulls behind them. */
  InternalRow withNulls(InternalRow kept) {
    for (int i = 0; i < added.numFields(); i++) {
      added.setNullAt(i);
    }
    return behind(kept);
  }

  /** A row that can't be used, of {@link ScoreColumns#REJECTED}. */
  InternalRow rejected(InternalRow input, RejectReason reason) {
    added.update(0, UTF8String.fromString(reason.name()));
    return behind(input);
  }
}
