package io.latentlake.score;

import static org.apache.spark.ml.functions.array_to_vector;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Latents in two dimensions, their first two principal components.
 *
 * @param points of each label, {@code [2]} each; all under one where there are no labels
 * @param explained share of the latents' variance that the two components hold
 */
public record LatentMap(Map<String, List<double[]>> points, double explained) {
  /** More points than these only cover each other. */
  private static final int POINTS = 5000;

  /** Colours that can be told apart. */
  private static final int MOST_LABELS = 20;

  private static final String VECTOR = "__latentlake_vector";
  private static final String COMPONENTS = "__latentlake_components";

  /**
   * Checks, before the work, that a map of its result can be drawn.
   *
   * @throws InvalidInputException when there are too few dimensions, or no such label
   */
  public static void requireDrawable(
      TrainedVae model, TableJob.Request request, Optional<String> label) {
    int latent = model.configuration().model().latent();
    if (latent < 2) {
      throw new InvalidInputException(
          "--out: a map needs at least 2 latent dimensions, but the model has %d; leave it out"
              .formatted(latent));
    }
    label.ifPresent(
        name -> {
          if (!request.keep().contains(name)) {
            throw new InvalidInputException(
                "--label %s: no such column is kept; the kept ones are %s"
                    .formatted(name, String.join(", ", request.keep())));
          }
        });
  }

  /**
   * Makes the map of an embedded table.
   *
   * @param table with {@value ScoreColumns#LATENT}
   * @param label the column that tells the points apart, compared as text
   * @throws InvalidInputException when it has too many values
   */
  public static LatentMap of(Dataset<Row> table, Optional<String> label) {
    Column name =
        label.map(FeaturePlanner::quoted).orElse(functions.lit("rows")).cast(DataTypes.StringType);
    Dataset<Row> vectors =
        table.select(
            array_to_vector(functions.col(ScoreColumns.LATENT)).as(VECTOR), name.as("label"));
    PCAModel components =
        new PCA().setInputCol(VECTOR).setOutputCol(COMPONENTS).setK(2).fit(vectors);
    long rows = vectors.count();
    Dataset<Row> shown = rows > POINTS ? vectors.sample(false, (double) POINTS / rows, 1) : vectors;
    var points = new TreeMap<String, List<double[]>>();
    for (Row row : components.transform(shown).select(COMPONENTS, "label").collectAsList()) {
      points
          .computeIfAbsent(String.valueOf(row.get(1)), each -> new ArrayList<>())
          .add(row.<Vector>getAs(0).toArray());
    }
    if (points.size() > MOST_LABELS) {
      throw new InvalidInputException(
          "--label %s: has %d values, and a map can show %d; name a column with fewer"
              .formatted(label.orElse(""), points.size(), MOST_LABELS));
    }
    double[] shares = components.explainedVariance().toArray();
    return new LatentMap(points, shares[0] + shares[1]);
  }
}
