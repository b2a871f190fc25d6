package io.latentlake.bench;

import io.latentlake.data.FeatureRequest;
import io.latentlake.data.TablePlanner;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Calibrator;
import io.latentlake.score.ScoringJob;
import io.latentlake.train.Trainer;
import io.latentlake.train.Trainer.NamedTable;
import io.latentlake.train.TrainingProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Scores a table of forty mixed columns on disk into another, once without reasons and once with
 * them, by the network that conf/mixed-table.conf describes.
 */
final class MixedScoring implements Contender {
  private static final String ID = "id";
  private static final int TRAINING_ROWS = 20_000;
  private static final int REASONS = 3;

  private final SparkSession spark;
  private final String input;
  private final String output;
  private final ScoringJob bare;
  private final ScoringJob explained;

  /**
   * Writes the table and trains a model on its first rows for an epoch.
   *
   * @param rows of the table
   * @param folder where input and output go
   */
  MixedScoring(SparkSession spark, long rows, Path folder) {
    this.spark = spark;
    this.input = folder.resolve("mixed").toUri().toString();
    this.output = folder.resolve("mixed-scores").toUri().toString();
    table(spark, rows).write().parquet(input);
    TrainedVae model = model(table(spark, TRAINING_ROWS));
    this.bare = new ScoringJob(spark, model, 0);
    this.explained = new ScoringJob(spark, model, REASONS);
  }

  /** Numbers that hang together, heavy tails, counts, levels, flags and times, with some gaps. */
  private static Dataset<Row> table(SparkSession spark, long rows) {
    var columns = new ArrayList<String>();
    columns.add(ID);
    for (int i = 0; i < 16; i++) {
      columns.add("%d * sin(id * 0.7) + randn(%d) AS measure_%d".formatted(i, i, i));
    }
    for (int i = 0; i < 6; i++) {
      columns.add("exp(2 * randn(%d)) AS amount_%d".formatted(20 + i, i));
    }
    for (int i = 0; i < 6; i++) {
      columns.add("if(rand(%d) < 0.02, NULL, int(10 * rand(%d))) AS items_%d".formatted(i, i, i));
    }
    for (int i = 0; i < 6; i++) {
      columns.add("concat('level ', int(%d * rand(%d))) AS kind_%d".formatted(4 + 4 * i, i, i));
    }
    for (int i = 0; i < 4; i++) {
      columns.add("rand(%d) < 0.3 AS flag_%d".formatted(i, i));
    }
    for (int i = 0; i < 2; i++) {
      columns.add("timestamp_seconds(int(1.7e9 + 2e7 * rand(%d))) AS time_%d".formatted(i, i));
    }
    return spark.range(0, rows, 1, 8).selectExpr(columns.toArray(String[]::new));
  }

  private TrainedVae model(Dataset<Row> table) {
    var request = FeatureRequest.of(List.of("auto"), List.of(ID), table.schema());
    var features = TablePlanner.plan(table, request, List.of(), "mixed").features();
    var configuration =
        Workload.configuration(
            "mixed-table.conf",
            // One pass: what reasons take stands out the most.
            Map.of("train.workers", 2, "train.epochs", 1, "score.kind", "deviance"));
    TrainedVae model =
        new Trainer(spark, new TrainingProgress() {})
            .train(configuration, features, new NamedTable("mixed", table), Optional.empty())
            .model();
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return Calibrator.calibrate(context, model, table);
  }

  @Override
  public Map<Quantity, Double> measure() throws Exception {
    var speeds = new EnumMap<Quantity, Double>(Quantity.class);
    speeds.put(Quantity.SCORE_MIXED, rowsPerSecond(bare));
    speeds.put(Quantity.SCORE_REASONS, rowsPerSecond(explained));
    return speeds;
  }

  private double rowsPerSecond(ScoringJob job) throws IOException {
    return ParquetScoring.rowsPerSecond(spark, job, input, output, ID);
  }
}
