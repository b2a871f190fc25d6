package io.latentlake.score;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * One row's scores, as a table's are.
 *
 * @param reconstructionError −log p(x | z = μ(x)), nats
 * @param squaredError Σ(x − x̂)²
 * @param kl KL(q(z|x) ‖ p(z)), nats
 * @param elbo −reconstructionError − kl
 * @param rawScore what the anomaly score is the rank of
 * @param anomalyScore share of the training rows that are at most as unusual, 0 to 1
 * @param isAnomaly whether it is past the model's threshold
 * @param latent μ(x), {@code [latent]}
 */
public record ScoredRow(
    double reconstructionError,
    double squaredError,
    double kl,
    double elbo,
    double rawScore,
    double anomalyScore,
    boolean isAnomaly,
    float[] latent) {

  /** The same flagged by a threshold of its raw score. */
  ScoredRow flaggedPast(float threshold) {
    return new ScoredRow(
        reconstructionError,
        squaredError,
        kl,
        elbo,
        rawScore,
        anomalyScore,
        !(rawScore <= threshold),
        latent);
  }

  static ScoredRow of(InternalRow scores, StructType columns) {
    return new ScoredRow(
        scores.getDouble(columns.fieldIndex(ScoreColumns.RECONSTRUCTION_ERROR)),
        scores.getDouble(columns.fieldIndex(ScoreColumns.SQUARED_ERROR)),
        scores.getDouble(columns.fieldIndex(ScoreColumns.KL)),
        scores.getDouble(columns.fieldIndex(ScoreColumns.ELBO)),
        scores.getDouble(columns.fieldIndex(ScoreColumns.RAW_SCORE)),
        scores.getDouble(columns.fieldIndex(ScoreColumns.ANOMALY_SCORE)),
        scores.getBoolean(columns.fieldIndex(ScoreColumns.IS_ANOMALY)),
        scores.getArray(columns.fieldIndex(ScoreColumns.LATENT)).toFloatArray());
  }
}
