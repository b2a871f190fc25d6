package io.latentlake.score;

import io.latentlake.model.ModelFolder;
import io.latentlake.model.ScoreDistribution;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
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
   * Checks that a model gave these scores, where they say which one did.
   *
   * @param model what its raw scores depend on counts, not its threshold
   * @param folder the model's, for the error
   * @throws InvalidInputException when another one did, if only some of them
   */
  public static void requireScoredBy(Dataset<Row> scores, TrainedVae model, String folder) {
    if (!List.of(scores.columns()).contains(ScoreColumns.MODEL_ID)) {
      return;
    }
    Column id = functions.col(ScoreColumns.MODEL_ID);
    String own = ModelFolder.id(model);
    List<Row> others = scores.select(id).where(id.notEqual(own)).takeAsList(1);
    if (!others.isEmpty()) {
      throw new InvalidInputException(
          "--scores: has rows that model %s scored, and --model %s is %s; name the model that scored them all"
              .formatted(others.get(0).getString(0), folder, own));
    }
  }

  /**
   * Checks that a model can keep thresholds of a column's values.
   *
   * @throws InvalidInputException when it is missing, or none that rows are flagged by
   */
  public static void requireSegments(Dataset<Row> scores, String column) {
    ScoreSketch.requireColumn(scores, column);
    SegmentedScoring.requireLevels(column, scores.schema().apply(column).dataType());
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
