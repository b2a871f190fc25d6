package io.latentlake.score;

import io.latentlake.model.ScoreDistribution;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** What is learned from scored tables in one pass over one column, or two with segments. */
public final class ScoredRows {
  private ScoredRows() {}

  /**
   * How their raw scores are distributed.
   *
   * @throws io.latentlake.spec.InvalidInputException when they have none
   */
  public static ScoreDistribution distribution(Dataset<Row> scores) {
    return ScoreSketch.distribution(scores.agg(ScoreSketch.of(scores)).first().getAs(0));
  }

  /**
   * Each segment's threshold, in the order of their names.
   *
   * @param column that tells the segments apart
   * @throws io.latentlake.spec.InvalidInputException when a column is missing
   */
  public static List<SegmentThreshold> thresholds(
      Dataset<Row> scores, String column, ThresholdRule rule) {
    Column segment = ScoreSketch.requireColumn(scores, column).cast(DataTypes.StringType);
    Dataset<Row> sketches =
        scores
            .where(functions.col(ScoreColumns.RAW_SCORE).isNotNull())
            .groupBy(segment)
            .agg(ScoreSketch.of(scores));
    return sketches
        .javaRDD()
        .map(
            row ->
                SegmentThreshold.of(row.getString(0), ScoreSketch.distribution(row.getAs(1)), rule))
        .collect()
        .stream()
        .sorted(
            Comparator.comparing(
                SegmentThreshold::segment, Comparator.nullsFirst(Comparator.naturalOrder())))
        .toList();
  }
}
