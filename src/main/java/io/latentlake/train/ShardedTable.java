package io.latentlake.train;

import io.latentlake.data.RejectCounts;
import io.latentlake.data.RejectReason;
import io.latentlake.data.RowEncoder;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * A table's packed shards, cached on the executors until {@link #close()}: in memory as long as
 * they are small, else in files that they are read from.
 */
final class ShardedTable implements AutoCloseable {
  private final JavaRDD<Shard> packed;
  private final JavaRDD<Shard> shards;
  private final int[] rows;
  private final ShardHash hash;
  private final RejectCounts rejected = new RejectCounts();

  private record Size(int rows, RejectCounts rejected, ShardHash hash) implements Serializable {}

  private ShardedTable(JavaRDD<Shard> packed) {
    this.packed = packed;
    this.shards = new LocalShards(packed).toJavaRDD();
    List<Size> sizes =
        shards.map(shard -> new Size(shard.rows(), shard.rejected(), shard.hash())).collect();
    this.rows = sizes.stream().mapToInt(Size::rows).toArray();
    sizes.forEach(size -> rejected.add(size.rejected));
    this.hash = sizes.stream().map(Size::hash).reduce(ShardHash.EMPTY, ShardHash::plus);
  }

  /**
   * Packs and caches a table.
   *
   * @param memory bytes a shard may take in memory; a larger one is read from disk
   */
  static ShardedTable pack(Dataset<Row> table, RowEncoder encoder, int workers, long memory) {
    JavaRDD<Shard> packed =
        new ShardPacking(encoder, workers, memory)
            .pack(table)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return new ShardedTable(packed);
    } catch (RuntimeException e) {
      packed.unpersist(false);
      throw e;
    }
  }

  /** One shard a partition, in the workers' order. */
  JavaRDD<Shard> shards() {
    return shards;
  }

  /** Rows of each worker. */
  int[] rowsByWorker() {
    return rows.clone();
  }

  /** Rows of all workers. */
  long rows() {
    long sum = 0;
    for (int count : rows) {
      sum += count;
    }
    return sum;
  }

  /** What tells the rows from another table's, and their order from another. */
  ShardHash hash() {
    return hash;
  }

  /** Rows of the table that can't be used, by reason. */
  Map<RejectReason, Long> rejected() {
    return rejected.byReason();
  }

  @Override
  public void close() {
    packed.unpersist(false);
  }
}
