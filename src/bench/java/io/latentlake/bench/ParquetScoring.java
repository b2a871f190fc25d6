package io.latentlake.bench;

import io.latentlake.data.Format;
import io.latentlake.data.StagedFolder;
import io.latentlake.data.TableReader;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Calibrator;
import io.latentlake.score.OnBadRow;
import io.latentlake.score.ScoringJob;
import io.latentlake.score.TableJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Scores a table of images on disk into another, as the product does. */
final class ParquetScoring implements Contender {
  private static final String INDEX = "index";

  private final SparkSession spark;
  private final ScoringJob job;
  private final String input;
  private final String output;

  /**
   * Trains a model for an epoch and writes the table.
   *
   * @param copies how often MNIST's training part stands in it
   * @param folder where input and output go
   */
  ParquetScoring(SparkSession spark, int copies, Path folder) {
    this.spark = spark;
    this.input = folder.resolve("images").toUri().toString();
    this.output = folder.resolve("scores").toUri().toString();
    Dataset<Row> images =
        TableReader.read(spark, "mnist:train", Format.IDX).select(INDEX, TableReader.IMAGE);
    Stream.generate(() -> images)
        .limit(copies)
        .reduce(Dataset::union)
        .orElseThrow()
        .write()
        .parquet(input);
    this.job = new ScoringJob(spark, model(images));
  }

  private TrainedVae model(Dataset<Row> images) {
    var configuration = Workload.configuration(Map.of("train.workers", 2, "train.epochs", 1));
    TrainedVae model = Epochs.train(spark, configuration).model();
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return Calibrator.calibrate(context, model, images);
  }

  @Override
  public Map<Quantity, Double> measure() throws Exception {
    return Map.of(Quantity.SCORE_PARQUET, rowsPerSecond(spark, job, input, output, INDEX));
  }

  /**
   * How fast a job scores a table on disk into another.
   *
   * @param kept the column that goes along
   */
  static double rowsPerSecond(
      SparkSession spark, ScoringJob job, String input, String output, String kept)
      throws IOException {
    Dataset<Row> table = TableReader.read(spark, input, Format.PARQUET);
    var request = new TableJob.Request(input, table, List.of(kept), Format.PARQUET, OnBadRow.FAIL);
    try (var folder = StagedFolder.create(output, true, spark.sessionState().newHadoopConf())) {
      return job.run(request, folder).rowsPerSecond();
    }
  }
}
