package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.InternalRows;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * What a table's latents μ(x) are like, dimension by dimension.
 *
 * @param rows how many there are
 * @param minimum the smallest of each dimension
 * @param maximum the largest
 * @param divergence mean KL(q(z|x) ‖ N(0, I)), nats; all 0 where q(z|x) isn't Gaussian
 */
public record LatentStatistics(long rows, float[] minimum, float[] maximum, double[] divergence)
    implements Serializable {

  /**
   * Looks through a table.
   *
   * @throws InvalidInputException when it doesn't fit the model, or has no usable row
   */
  public static LatentStatistics of(
      JavaSparkContext spark, TrainedVae model, Dataset<Row> table, String name) {
    FeaturePlanner.requireFit(model.features(), table, name);
    Broadcast<TrainedVae> shared = spark.broadcast(model);
    Dataset<Row> features = model.encoder().select(table);
    StructType columns = features.schema();
    try {
      LatentStatistics all =
          InternalRows.of(features)
              .mapPartitions(rows -> List.of(of(shared.value(), columns, rows)).iterator())
              .treeReduce(LatentStatistics::plus);
      if (all.rows == 0) {
        throw new InvalidInputException(name + ": no usable row");
      }
      return all;
    } finally {
      shared.destroy();
    }
  }

  private static LatentStatistics of(
      TrainedVae model, StructType columns, Iterator<InternalRow> rows) {
    LatentStatistics none = none(model.configuration().model().latent());
    if (!rows.hasNext()) {
      return none;
    }
    BoundEncoder encoder = model.encoder().bind(columns);
    int capacity = model.configuration().score().batchSize();
    var staging = new float[capacity * encoder.width()];
    try (var generator = new Generator(model)) {
      var found = new ArrayList<LatentStatistics>();
      PartitionBatches.each(
          rows,
          encoder,
          staging,
          capacity,
          staged -> {
            float[] used = Arrays.copyOf(staging, staged * encoder.width());
            float[][] x = RowArrays.split(used, encoder.width());
            found.add(of(generator.encode(x), generator.divergences(x)));
          });
      return found.stream().reduce(none, LatentStatistics::plus);
    }
  }

  private static LatentStatistics none(int latent) {
    var low = new float[latent];
    var high = new float[latent];
    Arrays.fill(low, Float.POSITIVE_INFINITY);
    Arrays.fill(high, Float.NEGATIVE_INFINITY);
    return new LatentStatistics(0, low, high, new double[latent]);
  }

  /** Of some rows' latents; the divergence summed over them. */
  private static LatentStatistics of(float[][] latents, double[] divergences) {
    LatentStatistics all = none(divergences.length);
    for (float[] z : latents) {
      for (int i = 0; i < z.length; i++) {
        all.minimum[i] = Math.min(all.minimum[i], z[i]);
        all.maximum[i] = Math.max(all.maximum[i], z[i]);
      }
    }
    double[] means = Arrays.stream(divergences).map(sum -> sum / latents.length).toArray();
    return new LatentStatistics(latents.length, all.minimum, all.maximum, means);
  }

  private LatentStatistics plus(LatentStatistics other) {
    LatentStatistics sum = none(divergence.length);
    long both = rows + other.rows;
    for (int i = 0; i < divergence.length; i++) {
      sum.minimum[i] = Math.min(minimum[i], other.minimum[i]);
      sum.maximum[i] = Math.max(maximum[i], other.maximum[i]);
      sum.divergence[i] =
          both == 0 ? 0 : (rows * divergence[i] + other.rows * other.divergence[i]) / both;
    }
    return new LatentStatistics(both, sum.minimum, sum.maximum, sum.divergence);
  }

  /** The dimensions by what they tell: divergence, and range where that is the same, descending. */
  public int[] byDivergence() {
    return IntStream.range(0, divergence.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> -divergence[i])
                .thenComparingDouble(i -> minimum[i] - maximum[i]))
        .mapToInt(i -> i)
        .toArray();
  }
}
