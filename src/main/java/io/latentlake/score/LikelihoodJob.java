package io.latentlake.score;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.InternalRows;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Measures log p(x) of a table's rows, by importance sampling. */
public final class LikelihoodJob {
  private LikelihoodJob() {}

  /**
   * What was measured.
   *
   * @param rows that could be used
   * @param rejected rows that could not
   * @param mean log p(x), nats a row
   * @param standardError of the mean, by the rows
   */
  public record Result(long rows, long rejected, double mean, double standardError) {}

  /** Sums over rows. */
  private record Sums(long rows, long rejected, double sum, double squares)
      implements Serializable {
    Sums plus(Sums other) {
      return new Sums(
          rows + other.rows, rejected + other.rejected, sum + other.sum, squares + other.squares);
    }
  }

  /**
   * Measures.
   *
   * @param name the table's, for errors
   * @param samples importance samples a row
   * @param binarizing whether a row's features are the probabilities of the ones that are drawn in
   *     their place
   * @throws InvalidInputException when the table doesn't fit the model, has no usable row, or the
   *     model has no log-likelihood
   */
  public static Result run(
      JavaSparkContext spark,
      TrainedVae model,
      String name,
      Dataset<Row> table,
      int samples,
      boolean binarizing) {
    LikelihoodScorer.requireDensity(model);
    requireProbabilities(model, binarizing);
    FeaturePlanner.requireFit(model.features(), table, name);
    Dataset<Row> features = model.encoder().select(table);
    StructType columns = features.schema();
    Broadcast<TrainedVae> shared = spark.broadcast(model);
    try {
      Sums sums =
          InternalRows.of(features)
              .mapPartitions(
                  rows ->
                      List.of(measure(shared.value(), columns, rows, samples, binarizing))
                          .iterator())
              .collect()
              .stream()
              .reduce(new Sums(0, 0, 0, 0), Sums::plus);
      if (sums.rows == 0) {
        throw new InvalidInputException(
            "%s: no usable row (%d rejected)".formatted(name, sums.rejected));
      }
      double mean = sums.sum / sums.rows;
      double variance = Math.max(0, sums.squares / sums.rows - mean * mean);
      return new Result(sums.rows, sums.rejected, mean, Math.sqrt(variance / sums.rows));
    } finally {
      shared.destroy();
    }
  }

  private static void requireProbabilities(TrainedVae model, boolean binarizing) {
    Family family = model.configuration().model().likelihood().family();
    if (binarizing && (family.minimum() != 0 || family.maximum() != 1)) {
      throw new InvalidInputException(
          "--binarize: values must be probabilities, which the model's %s likelihood doesn't ask for; leave it out"
              .formatted(family.name().toLowerCase(Locale.ROOT)));
    }
  }

  private static Sums measure(
      TrainedVae model,
      StructType columns,
      Iterator<InternalRow> rows,
      int samples,
      boolean binarizing) {
    if (!rows.hasNext()) {
      return new Sums(0, 0, 0, 0);
    }
    try (var scorer = new LikelihoodScorer(model, samples, binarizing)) {
      var measured = new ArrayList<Sums>();
      long rejected =
          PartitionBatches.each(
              rows,
              model.encoder().bind(columns),
              scorer.staging(),
              scorer.capacity(),
              staged -> measured.add(sum(scorer.score(staged))));
      return measured.stream().reduce(new Sums(0, rejected, 0, 0), Sums::plus);
    }
  }

  private static Sums sum(double[] logLikelihoods) {
    double sum = 0;
    double squares = 0;
    for (double value : logLikelihoods) {
      sum += value;
      squares += value * value;
    }
    return new Sums(logLikelihoods.length, 0, sum, squares);
  }
}
