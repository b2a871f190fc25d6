package io.latentlake.score;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.model.Calibration;
import io.latentlake.model.ColumnDistribution;
import io.latentlake.model.LatentDistribution;
import io.latentlake.model.ScoreDistribution;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;

/**
 * How far scored rows have moved from the training rows, by Jeffreys' divergence: KL in one
 * direction and in the other, nats; 0 when nothing moved. Between histograms it goes by the name of
 * population stability index, of which 0.1 to 0.25 is a shift to look at, and more a large one.
 *
 * @param rows scored ones
 * @param flagged the share of them past the model's threshold
 * @param trainingFlagged the share of the training rows that is
 * @param score divergence of the raw score over the deciles of the training rows'
 * @param latents divergence of each latent dimension, both taken for Gaussian; empty when the model
 *     was calibrated before it kept where its training rows' lie
 * @param features stability index of what each column of the features holds; empty when they were
 *     not compared
 */
public record Drift(
    long rows,
    double flagged,
    double trainingFlagged,
    double score,
    List<Double> latents,
    Map<String, Double> features) {
  /** An index of so much is by custom a shift. */
  public static final double SHIFT = 0.1;

  /** And one past this a large one. */
  public static final double LARGE_SHIFT = 0.25;

  /**
   * Added to the latents' variances: the prior's is 1, and a dimension whose means vary by less
   * than a tenth of its deviation says nothing of a row.
   */
  private static final double UNUSED = 0.01;

  /** Of the rows in a bin, so that an empty one doesn't make the divergence infinite. */
  private static final double LEAST_SHARE = 1e-4;

  /**
   * Compares a scored table with what its model was calibrated by.
   *
   * @throws io.latentlake.spec.InvalidInputException when a column is missing, or no row has a
   *     score
   */
  public static Drift of(Dataset<Row> scores, Calibration calibration) {
    Optional<LatentDistribution> latents = calibration.latents();
    Row aggregates = aggregate(scores, latents.map(LatentDistribution::dimensions).orElse(0));
    ScoreDistribution scored = ScoreSketch.distribution(aggregates.getAs(0));
    ScoreDistribution training = calibration.distribution();
    return new Drift(
        scored.rows(),
        1 - scored.shareAtMost(calibration.threshold()),
        1 - training.shareAtMost(calibration.threshold()),
        stabilityIndex(training, scored),
        latents.map(distribution -> divergences(distribution, aggregates)).orElse(List.of()),
        Map.of());
  }

  /**
   * The same, and how far the features themselves have moved.
   *
   * @param table the rows that were scored
   * @param name the table's, for errors
   * @throws io.latentlake.spec.InvalidInputException when the table doesn't fit the model, has no
   *     usable row, or the model doesn't know what its training rows held
   */
  public Drift withFeatures(TrainedVae model, Dataset<Row> table, String name) {
    List<ColumnDistribution> training = model.requireCalibration().requireColumns();
    FeaturePlanner.requireFit(model.features(), table, name);
    List<ColumnTally> found = ColumnTally.of(model.encoder(), table);
    if (found.size() != training.size()) {
      throw new InvalidInputException(
          "the model knows what %d columns held, but has %d to compare; it is damaged"
              .formatted(training.size(), found.size()));
    }
    var moved = new LinkedHashMap<String, Double>();
    for (int i = 0; i < training.size(); i++) {
      moved.put(training.get(i).column(), stabilityIndex(training.get(i), found.get(i)));
    }
    return new Drift(rows, flagged, trainingFlagged, score, latents, moved);
  }

  /** The largest divergence of the score, the latent dimensions and the features. */
  public double largest() {
    return Stream.of(Stream.of(score), latents.stream(), features.values().stream())
        .flatMap(divergences -> divergences)
        .mapToDouble(Double::doubleValue)
        .max()
        .orElseThrow();
  }

  /** The sketch of the scores; then each latent dimension's mean and variance. */
  private static Row aggregate(Dataset<Row> scores, int dimensions) {
    Column sketch = ScoreSketch.of(scores);
    var moments = new ArrayList<Column>();
    for (int i = 0; i < dimensions; i++) {
      Column latent = latents(scores).getItem(i);
      moments.add(functions.avg(latent));
      moments.add(functions.var_pop(latent));
    }
    return scores.agg(sketch, moments.toArray(Column[]::new)).first();
  }

  /** CSV has no arrays, and holds them as JSON. */
  private static Column latents(Dataset<Row> scores) {
    Column latents = ScoreSketch.requireColumn(scores, ScoreColumns.LATENT);
    boolean text = scores.schema().apply(ScoreColumns.LATENT).dataType() instanceof StringType;
    return text
        ? functions.from_json(latents, DataTypes.createArrayType(DataTypes.FloatType))
        : latents;
  }

  /** Over the deciles of the training rows; those that fall together make one bin. */
  public static double stabilityIndex(ScoreDistribution training, ScoreDistribution scored) {
    List<Float> edges = training.deciles();
    return stabilityIndex(training.shares(edges), scored.shares(edges));
  }

  private static double stabilityIndex(ColumnDistribution training, ColumnTally found) {
    double[] shares = found.shares(training.edges());
    if (shares.length != training.shares().size()) {
      throw new InvalidInputException(
          "column %s: %d shares of training rows for %d bins; the model is damaged"
              .formatted(training.column(), training.shares().size(), shares.length));
    }
    return stabilityIndex(
        training.shares().stream().mapToDouble(Double::doubleValue).toArray(), shares);
  }

  private static double stabilityIndex(double[] training, double[] found) {
    return IntStream.range(0, found.length)
        .mapToDouble(bin -> contribution(training[bin], found[bin]))
        .sum();
  }

  private static double contribution(double expected, double found) {
    double from = Math.max(LEAST_SHARE, expected);
    double to = Math.max(LEAST_SHARE, found);
    return (to - from) * Math.log(to / from);
  }

  private static List<Double> divergences(LatentDistribution training, Row aggregates) {
    double[] means = training.means();
    double[] variances = training.variances();
    var divergences = new ArrayList<Double>();
    for (int i = 0; i < means.length; i++) {
      double shift = aggregates.getDouble(1 + 2 * i) - means[i];
      double variance = aggregates.getDouble(2 + 2 * i);
      divergences.add(gaussian(shift, variances[i] + UNUSED, variance + UNUSED));
    }
    return divergences;
  }

  /** Jeffreys' divergence of N(0, v) and N(shift, w). */
  private static double gaussian(double shift, double v, double w) {
    return (v / w + w / v - 2 + shift * shift * (1 / v + 1 / w)) / 2;
  }
}
