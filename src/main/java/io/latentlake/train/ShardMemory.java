package io.latentlake.train;

import io.latentlake.spec.TrainSpec;
import org.apache.spark.SparkContext;

/** How much of an executor's memory a shard may take where nobody said. */
final class ShardMemory {
  private ShardMemory() {}

  /**
   * A quarter of an executor's heap, divided by the shards that it may hold, in bytes.
   *
   * @param shards of a table on all executors, or their task slots where those are more
   */
  static long share(SparkContext spark, int shards) {
    if (spark.isLocal()) {
      return Runtime.getRuntime().maxMemory() / TrainSpec.HEAP_FOR_SHARDS / shards;
    }
    // The driver has a block manager, too.
    int registered = spark.getExecutorMemoryStatus().size() - 1;
    int asked = spark.conf().getInt("spark.executor.instances", 1);
    int executors = Math.max(registered, asked);
    int shardsEach = -Math.floorDiv(-shards, executors);
    long heap = spark.conf().getSizeAsMb("spark.executor.memory", "1g") << 20;
    return heap / TrainSpec.HEAP_FOR_SHARDS / shardsEach;
  }
}
