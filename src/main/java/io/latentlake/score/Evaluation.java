package io.latentlake.score;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.spec.InvalidInputException;
import java.util.stream.Stream;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * How well scores find the rows that a label marks.
 *
 * @param rows all rows
 * @param positives rows that the label marks
 * @param auroc area under the receiver operating characteristic
 * @param auprc area under the precision-recall curve; a random score reaches positives/rows
 * @param precision share of the flagged rows that are positive; 0 when none is flagged
 * @param recall share of the positives that are flagged
 */
public record Evaluation(
    long rows, long positives, double auroc, double auprc, double precision, double recall) {

  /**
   * Evaluates {@code raw_score} for ranking and {@code is_anomaly} for the threshold.
   *
   * @param scores a scored table with its label kept
   * @param label the column that marks positives
   * @param positive the value it marks them with, compared as text
   * @throws InvalidInputException when a column is missing, or one of the two classes is
   */
  public static Evaluation of(Dataset<Row> scores, String label, String positive) {
    Stream.of(label, ScoreColumns.RAW_SCORE, ScoreColumns.IS_ANOMALY)
        .forEach(name -> ScoreSketch.requireColumn(scores, name));
    Column isPositive =
        FeaturePlanner.quoted(label).cast(DataTypes.StringType).eqNullSafe(positive);
    Dataset<Row> pairs =
        scores
            .select(
                functions.col(ScoreColumns.RAW_SCORE).cast(DataTypes.DoubleType).as("score"),
                isPositive.cast(DataTypes.DoubleType).as("marked"),
                functions.col(ScoreColumns.IS_ANOMALY).cast(DataTypes.DoubleType).as("flagged"))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return measure(pairs, label, positive);
    } finally {
      pairs.unpersist();
    }
  }

  private static Evaluation measure(Dataset<Row> pairs, String label, String positive) {
    Column marked = functions.col("marked");
    Column flagged = functions.col("flagged");
    Row sums =
        pairs
            .agg(
                functions.count(functions.lit(1)),
                functions.sum(marked),
                functions.sum(flagged),
                functions.sum(marked.multiply(flagged)))
            .first();
    long rows = sums.getLong(0);
    double positives = rows == 0 ? 0 : sums.getDouble(1);
    if (positives == 0 || positives == rows) {
      throw new InvalidInputException(
          "%.0f of %d rows have %s = %s; an evaluation needs rows with and without it"
              .formatted(positives, rows, label, positive));
    }
    var metrics =
        new BinaryClassificationMetrics(
            pairs.javaRDD().map(r -> new Tuple2<Object, Object>(r.get(0), r.get(1))).rdd(), 0);
    double flags = sums.getDouble(2);
    double hits = sums.getDouble(3);
    return new Evaluation(
        rows,
        (long) positives,
        metrics.areaUnderROC(),
        metrics.areaUnderPR(),
        flags == 0 ? 0 : hits / flags,
        hits / positives);
  }
}
