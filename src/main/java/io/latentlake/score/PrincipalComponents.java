package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.InternalRows;
import io.latentlake.data.RowEncoder;
import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import org.apache.spark.mllib.linalg.DenseMatrix;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.linalg.distributed.RowMatrix;
import org.apache.spark.mllib.regression.LabeledPoint;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The baseline that needs no network: how well labelled rows are found by their squared distance to
 * the table's own principal components, as MLlib finds them.
 *
 * @param rows that have features
 * @param positives those among them that the label marks
 * @param components as many as the model has latent dimensions
 * @param auroc area under the receiver operating characteristic
 * @param auprc area under the precision-recall curve
 */
public record PrincipalComponents(
    long rows, long positives, int components, double auroc, double auprc) {
  private static final String MARKED = "latentlake_marked";

  /** MLlib's covariance matrix stands on the driver, and its columns are limited. */
  private static final int MOST_FEATURES = 8_192;

  /**
   * Fits the components to a table and measures it by them.
   *
   * @param encoder what makes features of its rows, the model's own
   * @param components how many; at most as there are features
   * @param label the column that marks positives
   * @param positive the value it marks them with, compared as text
   * @throws InvalidInputException when a column is missing, there are too many features, or one of
   *     the two classes is missing
   */
  public static PrincipalComponents measure(
      Dataset<Row> table, RowEncoder encoder, int components, String label, String positive) {
    int features = encoder.plan().shape().features();
    if (features > MOST_FEATURES) {
      throw new InvalidInputException(
          "--baselines: principal components of %d features; at most %d fit the driver"
              .formatted(features, MOST_FEATURES));
    }
    var isPositive =
        ScoreSketch.requireColumn(table, label).cast(DataTypes.StringType).eqNullSafe(positive);
    Dataset<Row> input = encoder.select(table.withColumn(MARKED, isPositive), List.of(MARKED));
    StructType columns = input.schema();
    JavaRDD<LabeledPoint> points =
        InternalRows.of(input)
            .mapPartitions(rows -> points(rows, encoder.bind(columns), features))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return measure(points, Math.min(components, features), label, positive);
    } finally {
      points.unpersist();
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
          values[i] = encoded[i];
        }
        points.add(
            new LabeledPoint(encoder.kept(row).getBoolean(0) ? 1 : 0, Vectors.dense(values)));
      }
    }
    return points.iterator();
  }

  private static PrincipalComponents measure(
      JavaRDD<LabeledPoint> points, int count, String label, String positive) {
    long rows = points.count();
    long positives = points.filter(point -> point.label() == 1).count();
    if (positives == 0 || positives == rows) {
      throw new InvalidInputException(
          "%d of %d rows have %s = %s; an evaluation needs rows with and without it"
              .formatted(positives, rows, label, positive));
    }
    var matrix = new RowMatrix(points.map(LabeledPoint::features).rdd());
    var axes = (DenseMatrix) matrix.computePrincipalComponents(count);
    double[] mean = matrix.computeColumnSummaryStatistics().mean().toArray();
    var subspace = new Subspace(mean, axes.toArray(), count);
    Broadcast<Subspace> shared =
        JavaSparkContext.fromSparkContext(points.context()).broadcast(subspace);
    try {
      var metrics =
          new BinaryClassificationMetrics(
              points
                  .map(
                      point ->
                          new Tuple2<Object, Object>(
                              shared.value().squaredDistance(point.features()), point.label()))
                  .rdd(),
              0);
      return new PrincipalComponents(
          rows, positives, count, metrics.areaUnderROC(), metrics.areaUnderPR());
    } finally {
      shared.destroy();
    }
  }

  /**
   * A mean and orthonormal axes through it.
   *
   * @param mean {@code [features]}
   * @param axes {@code [axes, features]}, one behind the other
   */
  private record Subspace(double[] mean, double[] axes, int count) implements Serializable {

    /** The length of what no axis tells of a point, squared. */
    double squaredDistance(Vector point) {
      double square = 0;
      for (int i = 0; i < mean.length; i++) {
        square += (point.apply(i) - mean[i]) * (point.apply(i) - mean[i]);
      }
      for (int axis = 0; axis < count; axis++) {
        double along = 0;
        for (int i = 0; i < mean.length; i++) {
          along += axes[axis * mean.length + i] * (point.apply(i) - mean[i]);
        }
        square -= along * along;
      }
      return Math.max(0, square);
    }
  }
}
