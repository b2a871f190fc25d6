package io.latentlake.score;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.model.ScoreDistribution;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * A scored table at a glance.
 *
 * @param scores how its raw scores are distributed
 * @param anomalies rows that were flagged
 * @param segments each segment's counts, the largest first; empty where none were asked for
 * @param top the rows with the highest raw scores, the highest first: their own columns, raw score,
 *     flag and reasons
 */
public record ScoreOverview(
    ScoreDistribution scores, long anomalies, List<Segment> segments, List<Row> top) {

  /** Of what scoring adds. */
  private static final Set<String> SHOWN =
      Set.of(ScoreColumns.RAW_SCORE, ScoreColumns.IS_ANOMALY, ScoreColumns.REASONS);

  /**
   * The rows that have one value in a column.
   *
   * @param value as text; null where there is none
   * @param rows scored ones
   * @param anomalies flagged ones
   * @param highest raw score
   */
  public record Segment(String value, long rows, long anomalies, double highest) {}

  public ScoreOverview {
    segments = List.copyOf(segments);
    top = List.copyOf(top);
  }

  /**
   * Looks through a scored table: once over two columns, once more where there are segments, and at
   * those parts of its files that hold the highest scores.
   *
   * @param segmentBy the column that tells segments apart
   * @param most how many rows to show
   * @throws io.latentlake.spec.InvalidInputException when a column is missing, or no row has a
   *     score
   */
  public static ScoreOverview of(Dataset<Row> table, Optional<String> segmentBy, int most) {
    Column flagged = ScoreSketch.requireColumn(table, ScoreColumns.IS_ANOMALY);
    Row counts = table.agg(ScoreSketch.of(table), functions.count_if(isTrue(flagged))).first();
    ScoreDistribution scores = ScoreSketch.distribution(counts.getAs(0));
    return new ScoreOverview(
        scores,
        counts.getLong(1),
        segmentBy.map(column -> segments(table, column)).orElse(List.of()),
        top(table, scores, most));
  }

  /** Of CSV it is text. */
  private static Column isTrue(Column flagged) {
    return flagged.cast(DataTypes.BooleanType);
  }

  private static List<Segment> segments(Dataset<Row> table, String column) {
    Column segment = ScoreSketch.requireColumn(table, column).cast(DataTypes.StringType);
    Column raw = functions.col(ScoreColumns.RAW_SCORE).cast(DataTypes.DoubleType);
    return table
        .where(raw.isNotNull())
        .groupBy(segment)
        .agg(
            functions.count("*"),
            functions.count_if(isTrue(functions.col(ScoreColumns.IS_ANOMALY))),
            functions.max(raw))
        .collectAsList()
        .stream()
        .map(row -> new Segment(row.getString(0), row.getLong(1), row.getLong(2), row.getDouble(3)))
        .sorted(Comparator.comparingLong(Segment::rows).reversed())
        .toList();
  }

  private static Column[] shown(Dataset<Row> table) {
    return Arrays.stream(table.columns())
        .filter(name -> SHOWN.contains(name) || !ScoreColumns.isAdded(name))
        .map(FeaturePlanner::quoted)
        .toArray(Column[]::new);
  }

  /**
   * By a filter that Parquet's own statistics take part in, so that few pages of the wide columns
   * are read.
   */
  private static List<Row> top(Dataset<Row> table, ScoreDistribution scores, int most) {
    Column raw = FeaturePlanner.quoted(ScoreColumns.RAW_SCORE);
    // The sketch holds floats: a score may have been rounded up.
    double least = Math.nextDown(scores.scoreWithPast(most));
    return table
        .select(shown(table))
        .where(raw.geq(least))
        .orderBy(raw.desc())
        .limit(most)
        .collectAsList();
  }
}
