package io.latentlake.quality;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.data.Format;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Calibrator;
import io.latentlake.score.Evaluation;
import io.latentlake.score.OnBadRow;
import io.latentlake.score.ScoringJob;
import io.latentlake.score.TableJob;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How well the scores find anomalies among images. {@code mvn test -Pquality} runs it and prints
 * the figures.
 */
@Tag("quality")
class AnomalyQualityTest {
  private static final String FASHION = "fashion-mnist:test";
  private static final String ANOMALOUS = "anomalous";

  /** All but that for tables of levels. */
  private static final Set<ScoreSpec.Kind> KINDS =
      EnumSet.complementOf(EnumSet.of(ScoreSpec.Kind.PSEUDO_LIKELIHOOD));

  private static final Map<String, ?> TWENTY = Map.of("train.epochs", 20);

  @TempDir Path folder;

  @Test
  void clothesAmongDigits() throws IOException {
    measure(
        "clothes among digits",
        TrainedOnMnist.with("mnist.conf", TWENTY).model(),
        new NamedTable(TrainedOnMnist.TRAINING, TrainedOnMnist.rows(TrainedOnMnist.TRAINING)),
        TrainedOnMnist.rows(TrainedOnMnist.TEST),
        TrainedOnMnist.rows(FASHION),
        0.98);
  }

  /** The direction in which a Bernoulli likelihood's own error fails, at 0.3. */
  @Test
  void digitsAmongClothes() throws IOException {
    var training = new NamedTable(FASHION, TrainedOnMnist.rows(FASHION).where("index < 8000"));
    measure(
        "digits among clothes",
        TrainedOnMnist.on(training, "mnist.conf", Map.of("train.epochs", 100)).model(),
        training,
        TrainedOnMnist.rows(FASHION).where("index >= 8000"),
        TrainedOnMnist.rows(TrainedOnMnist.TEST),
        0.97);
  }

  /** Prints the AUROC of every kind of score, and holds the default's to its bar. */
  private void measure(
      String what,
      TrainedVae model,
      NamedTable training,
      Dataset<Row> usual,
      Dataset<Row> odd,
      double bar)
      throws IOException {
    ScoreSpec score = model.configuration().score();
    var byKind = new EnumMap<ScoreSpec.Kind, Double>(ScoreSpec.Kind.class);
    for (ScoreSpec.Kind kind : KINDS) {
      int rows = most(kind);
      // A calibration changes no raw score's rank: few rows do, but for the latents' distribution.
      var calibrating = new NamedTable(what + " " + kind, training.rows().limit(rows));
      double auroc =
          auroc(
              model.scoringBy(score.with(kind, score.contamination())),
              calibrating,
              marked(usual.limit(rows), false).unionByName(marked(odd.limit(rows), true)));
      System.out.printf("%s by %s of at most %d rows each: AUROC %.4f%n", what, kind, rows, auroc);
      byKind.put(kind, auroc);
    }
    assertTrue(byKind.get(score.kind()) >= bar, byKind::toString);
  }

  /** As many of either part as a kind of score takes a minute for, or all. */
  private static int most(ScoreSpec.Kind kind) {
    return switch (kind) {
      case LOG_LIKELIHOOD -> 1000;
      case LIKELIHOOD_REGRET -> 500;
      default -> Integer.MAX_VALUE;
    };
  }

  @Test
  void aDigitThatWasHeldOutOfTraining() throws IOException {
    double sum = 0;
    for (int digit = 0; digit < 10; digit++) {
      var others =
          new NamedTable(
              "without " + digit,
              TrainedOnMnist.rows(TrainedOnMnist.TRAINING).where("label != " + digit));
      TrainedVae model = TrainedOnMnist.on(others, "mnist.conf", TWENTY).model();
      Dataset<Row> test =
          TrainedOnMnist.rows(TrainedOnMnist.TEST)
              .withColumn(ANOMALOUS, functions.col("label").equalTo(digit));
      double auroc = auroc(model, others, test);
      System.out.printf("%d held out: AUROC %.3f%n", digit, auroc);
      sum += auroc;
    }
    System.out.printf("held out: mean AUROC %.3f%n", sum / 10);
    assertTrue(sum / 10 >= 0.80);
  }

  private static Dataset<Row> marked(Dataset<Row> rows, boolean anomalous) {
    return rows.withColumn(ANOMALOUS, functions.lit(anomalous));
  }

  private double auroc(TrainedVae model, NamedTable training, Dataset<Row> test)
      throws IOException {
    var spark = TrainedOnMnist.spark();
    TrainedVae calibrated =
        Calibrator.calibrate(
            JavaSparkContext.fromSparkContext(spark.sparkContext()), model, training.rows());
    Path output = folder.resolve(training.name().replace(':', '-').replace(' ', '-'));
    var request =
        new TableJob.Request("test", test, List.of(ANOMALOUS), Format.PARQUET, OnBadRow.FAIL);
    try (var staged =
        StagedFolder.create(output.toString(), false, spark.sessionState().newHadoopConf())) {
      new ScoringJob(spark, calibrated).run(request, staged);
    }
    return Evaluation.of(spark.read().parquet(output.toString()), ANOMALOUS, "true").auroc();
  }
}
