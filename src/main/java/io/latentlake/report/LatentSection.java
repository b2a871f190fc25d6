package io.latentlake.report;

import io.latentlake.model.TrainedVae;
import io.latentlake.score.Generator;
import io.latentlake.score.LatentMap;
import io.latentlake.score.ScoreColumns;
import io.latentlake.train.LatentUse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A model's latent space: where rows lie in it, and which dimensions are used. */
final class LatentSection {
  private static final int MOST_LABELS = 20;

  /** Rows that are encoded at once. */
  private static final int BATCH = 256;

  private static final String LABEL = "label";

  private LatentSection() {}

  /**
   * The section; empty where nothing is known.
   *
   * @param sample rows for the map
   * @param use of the dimensions
   */
  static Optional<Section> of(
      SparkSession spark,
      TrainedVae model,
      Optional<RowSample> sample,
      Optional<LatentUse> use,
      Generator generator) {
    var section = new Section("latents", "Latent space");
    use.ifPresent(known -> section.say(finding(known)));
    boolean plane = model.configuration().model().latent() > 1;
    sample
        .filter(rows -> plane && rows.rows().length > 1)
        .ifPresent(rows -> section.show(map(spark, rows, generator)));
    use.ifPresent(known -> section.show(units(known)));
    return Optional.of(section).filter(made -> !made.figures().isEmpty());
  }

  private static String finding(LatentUse use) {
    String counted =
        "%d of %d latent dimensions are used".formatted(use.activeUnits(), use.dimensions());
    if (use.isCollapsed()) {
      return counted
          + "; the posterior has collapsed in the others. Try a penalty that warms up, or free bits (model.penalty), or fewer dimensions.";
    }
    return use.activeUnits() < use.dimensions()
        ? counted + ": a smaller model.latent would do."
        : counted + ": with more of them z might tell more.";
  }

  private static Figure units(LatentUse use) {
    var active = new boolean[use.dimensions()];
    for (int i = 0; i < active.length; i++) {
      active[i] = use.isActive(i);
    }
    double[] kl = use.kl().stream().mapToDouble(Double::doubleValue).toArray();
    return Diagrams.units(
        kl,
        active,
        "KL(q(z|x) ‖ p(z)) of each dimension, mean over the rows: how many nats it tells. Active is one whose mean varies over the rows by more than 0.01.");
  }

  private static Figure map(SparkSession spark, RowSample sample, Generator generator) {
    long kinds = sample.labels().stream().distinct().count();
    boolean labelled = kinds > 1 && kinds <= MOST_LABELS;
    Optional<String> label = labelled ? Optional.of(LABEL) : Optional.empty();
    LatentMap map = LatentMap.of(table(spark, sample, generator), label);
    return Diagrams.map(
        map,
        "μ(x) of %s rows along their first two principal components, which hold %s of the variance. %s"
            .formatted(
                Readable.count(sample.rows().length),
                Readable.share(map.explained()),
                labelled
                    ? "Good: what is alike lies together."
                    : "Good: a cloud around 0. Islands are kinds of rows; stray points are worth a look."));
  }

  private static Dataset<Row> table(SparkSession spark, RowSample sample, Generator generator) {
    var rows = new ArrayList<Row>();
    float[][] all = sample.rows();
    for (int from = 0; from < all.length; from += BATCH) {
      float[][] batch = Arrays.copyOfRange(all, from, Math.min(all.length, from + BATCH));
      for (float[] z : generator.encode(batch)) {
        rows.add(RowFactory.create(z, sample.labels().get(rows.size())));
      }
    }
    var schema =
        new StructType()
            .add(ScoreColumns.LATENT, DataTypes.createArrayType(DataTypes.FloatType, false), false)
            .add(LABEL, DataTypes.StringType);
    return spark.createDataFrame(rows, schema);
  }
}
