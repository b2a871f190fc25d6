package io.latentlake.train;

import org.apache.spark.SparkContext;

/** How much of an executor's memory a shard may take where nobody said. */
final class ShardMemory {
  /** Of the heap for all shards together: Spark's sorter may take more than half of it. */
  private static final int SHARE = 4;

  private ShardMemory() {}

  /**
   * A quarter of an executor's heap, divided by the shards that it may hold, in bytes.
   *
   * @param shards of a table on all executors, or their task slots where those are more
   */
  static long share(SparkContext spark, int shards) {
    if (spark.isLocal()) {
      return Runtime.getRuntime().maxMemory() / SHARE / shards;
    }
    // The driver has a block manager, too.
    int registered = spark.getExecutorMemoryStatus().size() - 1;
    int asked = spark.conf().getInt("spark.executor.instances", 1);
    int executors = Math.max(registered, asked);
    int shardsEach = -Math.floorDiv(-shards, executors);
    long heap = spark.conf().getSizeAsMb("spark.executor.memory", "1g") << 20;
    return heap / SHARE / shardsEach;
  }
}
