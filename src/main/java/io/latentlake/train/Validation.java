package io.latentlake.train;

import io.latentlake.nn.ElboTerms;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/** Measures −ELBO on rows that are not trained on. */
final class Validation {
  private final JavaSparkContext spark;
  private final ReplicaPlan plan;
  private final Optional<ShardedTable> table;
  private final String run;

  /**
   * A measurement.
   *
   * @param table empty when there is nothing to measure on
   * @param run names the training run in the executors' {@link ReplicaPool}s
   */
  Validation(JavaSparkContext spark, ReplicaPlan plan, Optional<ShardedTable> table, String run) {
    this.run = run;
    this.spark = spark;
    this.plan = plan;
    this.table = table;
  }

  /**
   * −ELBO's parts with one z sampled a row, in nats, mean over the rows.
   *
   * @return null when there are no rows to measure on
   */
  ElboTerms loss(float[] parameters) {
    return table.map(rows -> loss(rows, parameters)).orElse(null);
  }

  private ElboTerms loss(ShardedTable rows, float[] parameters) {
    // Names only: a task must not drag this object, and with it the table, along.
    ReplicaPlan made = plan;
    String name = run;
    Broadcast<float[]> weights = spark.broadcast(parameters);
    Function2<Integer, Iterator<Shard>, Iterator<ElboTerms>> evaluate =
        (worker, shards) -> {
          Shard shard = shards.next();
          float[] values = weights.value();
          ElboTerms sum =
              ReplicaPool.with(
                  name,
                  () -> new Replica(made),
                  replica -> replica.evaluate(values, worker, shard));
          return List.of(sum).iterator();
        };
    try {
      return rows.shards().mapPartitionsWithIndex(evaluate, true).collect().stream()
          .reduce(ElboTerms.ZERO, ElboTerms::plus)
          .times(1.0 / rows.rows());
    } finally {
      weights.destroy();
    }
  }
}
