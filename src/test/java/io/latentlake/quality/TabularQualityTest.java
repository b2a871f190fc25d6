package io.latentlake.quality;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.data.FeaturePlan;
import io.latentlake.data.FeatureRequest;
import io.latentlake.data.Format;
import io.latentlake.data.StagedFolder;
import io.latentlake.data.TablePlanner;
import io.latentlake.model.TrainedVae;
import io.latentlake.quality.PlantedAnomalies.Kind;
import io.latentlake.score.Calibrator;
import io.latentlake.score.Evaluation;
import io.latentlake.score.IsolationForestBaseline;
import io.latentlake.score.LabelledTable;
import io.latentlake.score.OnBadRow;
import io.latentlake.score.ScoringJob;
import io.latentlake.score.TableJob;
import io.latentlake.spec.Configuration;
import io.latentlake.train.Trainer;
import io.latentlake.train.Trainer.NamedTable;
import io.latentlake.train.TrainingProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Anomalies in a table of mixed columns that are in the training rows as well, found by {@code
 * conf/mixed-table.conf} as it is. {@code mvn test -Pquality} runs it and prints the figures.
 */
@Tag("quality")
class TabularQualityTest {
  private static final int ROWS = 10_000;
  private static final String ANOMALOUS = "anomalous";

  @TempDir Path folder;

  static Stream<Arguments> kindsAndShares() {
    return Stream.of(0.01, 0.05, 0.1)
        .flatMap(share -> Stream.of(Kind.values()).map(kind -> Arguments.of(kind, share)));
  }

  @ParameterizedTest
  @MethodSource("kindsAndShares")
  void plantedAnomaliesAreFoundAndNamed(Kind kind, double share) throws IOException {
    SparkSession spark = TrainedOnMnist.spark();
    Dataset<Row> table = PlantedAnomalies.table(spark, kind, ROWS, share, 7).cache();
    TrainedVae model = train(table);
    Dataset<Row> scored = score(model, table);
    double auroc = Evaluation.of(scored, ANOMALOUS, "true").auroc();
    System.out.printf("%s, %.0f %%: AUROC %.4f%n", kind, 100 * share, auroc);
    assertTrue(auroc >= 0.95, kind + " " + auroc);
    kind.column().ifPresent(column -> assertNamed(scored, column));
    double forest = byIsolationForest(model, table);
    System.out.printf("  by an isolation forest: AUROC %.4f%n", forest);
    // Each value by itself is usual, which is all that cuts along the axes can see.
    assertTrue(kind != Kind.BROKEN_CORRELATION || auroc > forest + 0.05, kind + " " + forest);
    table.unpersist();
  }

  private static void assertNamed(Dataset<Row> scored, String column) {
    Dataset<Row> anomalies = scored.where(ANOMALOUS);
    double named =
        (double) anomalies.where("reasons[0].feature = '" + column + "'").count()
            / anomalies.count();
    System.out.printf("  %s is named first in %.1f %%%n", column, 100 * named);
    assertTrue(named >= 0.9, column + " " + named);
  }

  /** On the same rows and the same features. */
  private static double byIsolationForest(TrainedVae model, Dataset<Row> table) {
    try (var rows = LabelledTable.open(table, model.encoder(), ANOMALOUS, "true")) {
      return IsolationForestBaseline.measure(TrainedOnMnist.spark(), rows).orElseThrow().auroc();
    }
  }

  private static TrainedVae train(Dataset<Row> table) throws IOException {
    var request = FeatureRequest.of(List.of("auto"), List.of(ANOMALOUS), table.schema());
    FeaturePlan plan = TablePlanner.plan(table, request, List.of(), "orders").features();
    String file = "conf/mixed-table.conf";
    Configuration configuration =
        Configuration.parse(
            Files.readString(Path.of(file)),
            file,
            Map.of("train.workers", 2, "train.averaging-frequency", 16));
    var rows = new NamedTable("orders", table);
    var trainer = new Trainer(TrainedOnMnist.spark(), new TrainingProgress() {});
    return trainer.train(configuration, plan, rows, Optional.empty()).model();
  }

  private Dataset<Row> score(TrainedVae model, Dataset<Row> table) throws IOException {
    SparkSession spark = TrainedOnMnist.spark();
    TrainedVae calibrated =
        Calibrator.calibrate(JavaSparkContext.fromSparkContext(spark.sparkContext()), model, table);
    var request =
        new TableJob.Request("orders", table, List.of(ANOMALOUS), Format.PARQUET, OnBadRow.FAIL);
    Path output = folder.resolve("scores");
    try (var staged =
        StagedFolder.create(output.toString(), false, spark.sessionState().newHadoopConf())) {
      new ScoringJob(spark, calibrated).run(request, staged);
    }
    return spark.read().parquet(output.toString());
  }
}
