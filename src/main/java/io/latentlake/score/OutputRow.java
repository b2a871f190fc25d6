package io.latentlake.score;

import io.latentlake.data.RejectReason;
import io.latentlake.nn.RowScores;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * An internal row of Spark's that joins columns of the input with those that scoring adds. It is
 * the same object for every row, without boxes; Spark copies it as it goes on to the writer.
 */
final class OutputRow {
  private final SpecificInternalRow added;
  private final JoinedRow joined = new JoinedRow();

  /**
   * A row.
   *
   * @param added what scoring adds
   */
  OutputRow(StructType added) {
    this.added = new SpecificInternalRow(added);
  }

  /** A scored row, of {@link ScoreColumns#SCHEMA}. */
  InternalRow scored(
      InternalRow kept, RowScores scores, int row, double anomalyScore, boolean anomaly) {
    double error = scores.reconstructionError()[row];
    added.setDouble(0, error);
    added.setDouble(1, scores.squaredError()[row]);
    added.setDouble(2, scores.kl()[row]);
    added.setDouble(3, -error - scores.kl()[row]);
    added.setDouble(4, anomalyScore);
    added.setBoolean(5, anomaly);
    added.update(6, UnsafeArrayData.fromPrimitiveArray(scores.latentOf(row)));
    return joined.apply(kept, added);
  }

  /** A row that was not scored, of {@link ScoreColumns#REJECTED}. */
  InternalRow rejected(InternalRow input, RejectReason reason) {
    added.update(0, UTF8String.fromString(reason.name()));
    return joined.apply(input, added);
  }
}
