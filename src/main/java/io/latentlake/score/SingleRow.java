package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Scores one row at a time, as whole batches would. Owns native memory; not safe for use by two
 * threads at once.
 */
final class SingleRow implements AutoCloseable {
  private static final BatchWork.Recipe RECIPE = new Scoring.Recipe();

  private final BatchWork work;
  private final InternalRow scores = new SpecificInternalRow(RECIPE.columns());

  SingleRow(TrainedVae model) {
    this.work = RECIPE.open(model.scoringRowByRow());
  }

  /** What a row gets. */
  static StructType columns() {
    return RECIPE.columns();
  }

  /** Where the row's features are put. */
  float[] staging() {
    return work.staging();
  }

  /** The staged row's scores, in {@link #columns()}; written again by the next call. */
  InternalRow score() {
    work.run(1);
    work.write(0, scores);
    return scores;
  }

  @Override
  public void close() {
    work.close();
  }
}
