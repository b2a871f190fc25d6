package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.InternalRows;
import io.latentlake.data.RowEncoder;
import io.latentlake.spec.InvalidInputException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.regression.LabeledPoint;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * A table's features with a label, cached until closed, for {@link Baseline}s to be fitted to and
 * measured by. A missing value is 0, as a model's encoder sees it.
 */
public final class LabelledTable implements AutoCloseable {
  private static final String MARKED = "latentlake_marked";

  private final JavaRDD<LabeledPoint> points;
  private final int features;
  private long rows;
  private long positives;

  private LabelledTable(JavaRDD<LabeledPoint> points, int features) {
    this.points = points.persist(StorageLevel.MEMORY_AND_DISK());
    this.features = features;
  }

  /**
   * Reads a table; rows that a model could not score are left out.
   *
   * @param encoder what makes features of its rows, the model's own
   * @param label the column that marks positives
   * @param positive the value it marks them with, compared as text
   * @throws InvalidInputException when a column is missing, or one of the two classes is
   */
  public static LabelledTable open(
      Dataset<Row> table, RowEncoder encoder, String label, String positive) {
    var isPositive =
        ScoreSketch.requireColumn(table, label).cast(DataTypes.StringType).eqNullSafe(positive);
    Dataset<Row> input = encoder.select(table.withColumn(MARKED, isPositive), List.of(MARKED));
    StructType columns = input.schema();
    int features = encoder.plan().shape().features();
    var opened =
        new LabelledTable(
            InternalRows.of(input)
                .mapPartitions(points -> points(points, encoder.bind(columns), features)),
            features);
    try {
      opened.count(label, positive);
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static Iterator<LabeledPoint> points(
      Iterator<InternalRow> rows, BoundEncoder encoder, int features) {
    var points = new ArrayList<LabeledPoint>();
    var encoded = new float[encoder.width()];
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      if (encoder.encode(row, encoded, 0).isEmpty()) {
        var values = new double[features];
        for (int i = 0; i < features; i++) {
          values[i] = Float.isNaN(encoded[i]) ? 0 : encoded[i];
        }
        points.add(
            new LabeledPoint(encoder.kept(row).getBoolean(0) ? 1 : 0, Vectors.dense(values)));
      }
    }
    return points.iterator();
  }

  private void count(String label, String positive) {
    rows = points.count();
    positives = points.filter(point -> point.label() == 1).count();
    if (positives == 0 || positives == rows) {
      throw new InvalidInputException(
          "%d of %d rows have %s = %s; an evaluation needs rows with and without it"
              .formatted(positives, rows, label, positive));
    }
  }

  /** Each row's features, and 1 where the label marks it. */
  JavaRDD<LabeledPoint> points() {
    return points;
  }

  /** How many rows have features. */
  long rows() {
    return rows;
  }

  /** Numbers a row. */
  int features() {
    return features;
  }

  /**
   * How well scores rank the labelled rows.
   *
   * @param method what made them, in words
   * @param scores of all rows, each with its label
   */
  Baseline ranked(String method, JavaRDD<Tuple2<Object, Object>> scores) {
    var metrics = new BinaryClassificationMetrics(scores.rdd(), 0);
    return new Baseline(method, rows, positives, metrics.areaUnderROC(), metrics.areaUnderPR());
  }

  @Override
  public void close() {
    points.unpersist();
  }
}
