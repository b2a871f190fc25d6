package io.latentlake.score;

import io.latentlake.SharedSpark;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeatureColumn.Kind;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.Format;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.Provenance;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.Configuration;
import io.latentlake.variant.Variants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A model whose weights are drawn at random: it scores like a trained one, and is there at once.
 */
final class RandomModel {
  private final Configuration configuration;

  /** A model with these settings, in HOCON. */
  RandomModel(String hocon) {
    configuration = Configuration.parse(hocon, "test", Map.of());
  }

  /**
   * The model for one column of so many features, calibrated on a table; always the same weights.
   */
  TrainedVae reading(String column, Kind kind, int width, Dataset<Row> training) {
    return reading(List.of(new FeatureColumn(column, kind, width)), training);
  }

  /** The model for several columns. */
  TrainedVae reading(List<FeatureColumn> columns, Dataset<Row> training) {
    var plan = new FeaturePlan(columns);
    var random = new Random(11);
    var weights = new float[(int) Variants.parameterCount(configuration.model(), plan.shape())];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (0.1 * random.nextGaussian());
    }
    var provenance = new Provenance("2026-01-01T00:00:00Z", "random", 0, 0, "test", "test");
    return Calibrator.calibrate(
        JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext()),
        TrainedVae.uncalibrated(configuration, plan, weights, provenance),
        training);
  }

  /** A scored table: what was counted, and what was written. */
  record Scored(RowCounts counts, Dataset<Row> rows, Path folder) {}

  /** Scores a table as the command line does, keeping the named columns. */
  static Scored score(TrainedVae model, Dataset<Row> table, Path folder, String... keep)
      throws IOException {
    var spark = SharedSpark.session();
    var request =
        new TableJob.Request("table", table, Arrays.asList(keep), Format.PARQUET, OnBadRow.REJECT);
    try (var staged =
        StagedFolder.create(folder.toString(), false, spark.sessionState().newHadoopConf())) {
      RowCounts counts = new ScoringJob(spark, model, 0).run(request, staged).counts();
      return new Scored(counts, spark.read().parquet(folder.toString()), folder);
    }
  }
}
