package io.latentlake.score;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.mllib.linalg.DenseMatrix;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.distributed.RowMatrix;
import org.apache.spark.mllib.regression.LabeledPoint;
import scala.Tuple2;

/**
 * The baseline that needs nothing but MLlib: the squared distance of a row to the table's own
 * principal components.
 */
public final class PrincipalComponents {
  /** MLlib's covariance matrix stands on the driver, and its columns are limited. */
  private static final int MOST_FEATURES = 8_192;

  private PrincipalComponents() {}

  /**
   * Fits the components to a table and measures it by them.
   *
   * @param most how many components; there are at most as many as features
   * @throws InvalidInputException when there are too many features
   */
  public static Baseline measure(LabelledTable table, int most) {
    if (table.features() > MOST_FEATURES) {
      throw new InvalidInputException(
          "--baselines: principal components of %d features; at most %d fit the driver"
              .formatted(table.features(), MOST_FEATURES));
    }
    int count = Math.min(most, table.features());
    JavaRDD<LabeledPoint> points = table.points();
    Broadcast<Subspace> shared =
        JavaSparkContext.fromSparkContext(points.context()).broadcast(fit(points, count));
    try {
      JavaRDD<Tuple2<Object, Object>> distances =
          points.map(
              point ->
                  new Tuple2<>(shared.value().squaredDistance(point.features()), point.label()));
      return table.ranked("%d principal components".formatted(count), distances);
    } finally {
      shared.destroy();
    }
  }

  private static Subspace fit(JavaRDD<LabeledPoint> points, int count) {
    var matrix = new RowMatrix(points.map(LabeledPoint::features).rdd());
    var axes = (DenseMatrix) matrix.computePrincipalComponents(count);
    double[] mean = matrix.computeColumnSummaryStatistics().mean().toArray();
    return new Subspace(mean, axes.toArray(), count);
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
