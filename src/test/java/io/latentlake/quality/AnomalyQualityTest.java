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
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How well the default score finds anomalies among images. {@code mvn test -Pquality} runs it and
 * prints the figures.
 */
@Tag("quality")
class AnomalyQualityTest {
  private static final String FASHION = "fashion-mnist:test";
  private static final String ANOMALOUS = "anomalous";
  private static final Map<String, ?> TWENTY = Map.of("train.epochs", 20);

  @TempDir Path folder;

  @Test
  void clothesAmongDigits() throws IOException {
    TrainedVae model = TrainedOnMnist.with("mnist.conf", TWENTY).model();
    double auroc =
        auroc(
            model,
            new NamedTable(TrainedOnMnist.TRAINING, TrainedOnMnist.rows(TrainedOnMnist.TRAINING)),
            marked(TrainedOnMnist.rows(TrainedOnMnist.TEST), false)
                .unionByName(marked(TrainedOnMnist.rows(FASHION), true)));

    System.out.printf("clothes among digits: AUROC %.4f%n", auroc);
    assertTrue(auroc >= 0.98);
  }

  /** The direction in which a Bernoulli likelihood's own error fails, at 0.3. */
  @Test
  void digitsAmongClothes() throws IOException {
    var training = new NamedTable(FASHION, TrainedOnMnist.rows(FASHION).where("index < 8000"));
    TrainedVae model =
        TrainedOnMnist.on(training, "mnist.conf", Map.of("train.epochs", 100)).model();
    double auroc =
        auroc(
            model,
            training,
            marked(TrainedOnMnist.rows(FASHION).where("index >= 8000"), false)
                .unionByName(marked(TrainedOnMnist.rows(TrainedOnMnist.TEST), true)));

    System.out.printf("digits among clothes: AUROC %.4f%n", auroc);
    assertTrue(auroc >= 0.97);
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
