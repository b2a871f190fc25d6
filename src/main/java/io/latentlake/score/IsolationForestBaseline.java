package io.latentlake.score;

import com.linkedin.relevance.isolationforest.IsolationForest;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * The baseline that users would take instead: how few random cuts isolate a row (Liu, Ting and
 * Zhou, ICDM 2008), by LinkedIn's isolation forest, which is theirs to bring.
 */
public final class IsolationForestBaseline {
  /** What brings the library, for spark-submit. */
  public static final String COORDINATES =
      "com.linkedin.isolation-forest:isolation-forest_3.5.0_2.12:3.0.5";

  private static final String LIBRARY = "com.linkedin.relevance.isolationforest.IsolationForest";

  /** The library's own defaults, by name because a figure is nothing without them. */
  private static final int TREES = 100;

  private static final int ROWS_A_TREE = 256;
  private static final int SEED = 1;
  private static final String FEATURES = "features";
  private static final String MARKED = "marked";
  private static final String SCORE = "score";

  private IsolationForestBaseline() {}

  /**
   * Fits a forest to a table and measures it by the forest's scores.
   *
   * @return empty when the library isn't there
   */
  public static Optional<Baseline> measure(SparkSession spark, LabelledTable table) {
    return isInstalled() ? Optional.of(byForest(spark, table)) : Optional.empty();
  }

  private static boolean isInstalled() {
    try {
      Class.forName(LIBRARY, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static Baseline byForest(SparkSession spark, LabelledTable table) {
    Dataset<Row> rows = vectors(spark, table);
    var forest = new IsolationForest();
    forest.setFeaturesCol(FEATURES);
    forest.setScoreCol(SCORE);
    forest.setNumEstimators(TREES);
    forest.setMaxSamples(Math.min(ROWS_A_TREE, table.rows()));
    forest.setRandomSeed(SEED);
    JavaRDD<Tuple2<Object, Object>> scores =
        forest
            .fit(rows)
            .transform(rows)
            .select(SCORE, MARKED)
            .javaRDD()
            .map(row -> new Tuple2<>(row.get(0), row.get(1)));
    return table.ranked("an isolation forest of %d trees".formatted(TREES), scores);
  }

  private static Dataset<Row> vectors(SparkSession spark, LabelledTable table) {
    var schema =
        new StructType()
            .add(FEATURES, SQLDataTypes.VectorType(), false)
            .add(MARKED, DataTypes.DoubleType, false);
    return spark.createDataFrame(
        table.points().map(point -> RowFactory.create(point.features().asML(), point.label())),
        schema);
  }
}
