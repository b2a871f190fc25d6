package io.latentlake.train;

import io.latentlake.nn.BatchBuffer;
import io.latentlake.nn.Reparameterization;
import io.latentlake.nn.VaeNetwork;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.api.memory.MemoryWorkspace;

/**
 * Measures what a trained network makes of its latent dimensions.
 *
 * @param plan the network's
 */
record LatentSurvey(ReplicaPlan plan) implements Serializable {
  /** Rows whose posteriors come to the driver, for the mutual information. */
  private static final int KEPT = 1000;

  /**
   * Measures on a table's rows.
   *
   * @return empty where q(z|x) isn't Gaussian
   */
  Optional<LatentUse> of(JavaSparkContext spark, ShardedTable table, float[] parameters) {
    if (!(plan.graph().getVertices().get(VaeNetwork.LATENT) instanceof Reparameterization)) {
      return Optional.empty();
    }
    Broadcast<float[]> weights = spark.broadcast(parameters);
    int kept = -Math.floorDiv(-KEPT, table.rowsByWorker().length);
    LatentSurvey survey = this;
    try {
      LatentSums sums =
          table.shards().map(shard -> survey.sums(shard, weights.value(), kept)).collect().stream()
              .reduce(LatentSums::plus)
              .orElseThrow();
      return Optional.of(sums.use(plan.train().seed()));
    } finally {
      weights.destroy();
    }
  }

  private LatentSums sums(Shard shard, float[] parameters, int kept) {
    try (VaeNetwork network = plan.network(parameters);
        var batch = new BatchBuffer(plan.train().batchSize(), plan.shape().width())) {
      var sums = new LatentSums(network.latent(), kept);
      RowCursor cursor = shard.read();
      for (int at = 0; at < shard.rows(); at += batch.capacity()) {
        int rows = Math.min(batch.capacity(), shard.rows() - at);
        cursor.read(rows, batch.staging());
        try (MemoryWorkspace scope = network.scope()) {
          sums.add(network.encode(batch.rows(rows)));
        }
      }
      return sums;
    }
  }
}
