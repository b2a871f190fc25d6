package io.latentlake.score;

import io.latentlake.model.Calibration;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.RowScores;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.StructType;

/** Gives rows their {@link ScoreColumns}. */
final class Scoring implements BatchWork {
  private final BatchScorer scorer;
  private final Calibration calibration;
  private final float threshold;
  private RowScores scores;

  private Scoring(TrainedVae model, BatchScorer scorer) {
    this.scorer = scorer;
    this.calibration = model.requireCalibration();
    this.threshold = calibration.threshold();
  }

  /** How executors come by it. */
  record Recipe() implements BatchWork.Recipe {
    @Override
    public StructType columns() {
      return ScoreColumns.SCHEMA;
    }

    @Override
    public Scoring open(TrainedVae model) {
      return new Scoring(model, new BatchScorer(model));
    }
  }

  /** The same with an answer for each feature. */
  static Scoring explained(TrainedVae model) {
    int features = model.features().shape().features();
    return new Scoring(model, new BatchScorer(model, Measure.of(model), features));
  }

  /** What the last batch's rows were given. */
  RowScores scores() {
    return scores;
  }

  @Override
  public int capacity() {
    return scorer.capacity();
  }

  @Override
  public float[] staging() {
    return scorer.staging();
  }

  @Override
  public void run(int rows) {
    scores = scorer.score(rows);
  }

  @Override
  public void write(int row, InternalRow added) {
    float error = scores.reconstructionError()[row];
    added.setDouble(0, error);
    added.setDouble(1, scores.squaredError()[row]);
    added.setDouble(2, scores.kl()[row]);
    added.setDouble(3, -(double) error - scores.kl()[row]);
    float measure = scorer.measures()[row];
    added.setDouble(4, measure);
    added.setDouble(5, calibration.anomalyScore(measure));
    added.setBoolean(6, !(measure <= threshold));
    added.update(7, UnsafeArrayData.fromPrimitiveArray(scores.latentOf(row)));
  }

  @Override
  public void close() {
    scorer.close();
  }
}
