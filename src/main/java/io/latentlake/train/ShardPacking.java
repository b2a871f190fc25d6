package io.latentlake.train;

import io.latentlake.data.RejectReason;
import io.latentlake.data.RowEncoder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Packs a table into one shard a worker. Every partition deals its rows to the workers in turn, so
 * the shards are even whatever the partitions are; blocks carry their place, so a shard's order
 * depends on the table alone and not on which task ended first.
 */
final class ShardPacking implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BLOCK_ROWS = 1024;
  private static final long BUFFER_BYTES = 64L << 20;

  private final RowEncoder encoder;
  private final int workers;

  ShardPacking(RowEncoder encoder, int workers) {
    this.encoder = encoder;
    this.workers = workers;
  }

  /** One shard a worker, in the workers' order; not yet computed. */
  JavaRDD<Shard> pack(Dataset<Row> table) {
    Function2<Integer, Iterator<Row>, Iterator<Block>> deal = this::deal;
    return table
        .javaRDD()
        .mapPartitionsWithIndex(deal, false)
        .mapToPair(block -> new Tuple2<>(block.worker, block))
        .partitionBy(new ByWorker(workers))
        .values()
        .mapPartitions(blocks -> List.of(shard(blocks)).iterator(), true);
  }

  /** A run of rows of one partition that one worker gets. */
  private record Block(
      int worker, int partition, int number, PackedRows rows, EnumMap<RejectReason, Long> rejected)
      implements Serializable {}

  private Iterator<Block> deal(int partition, Iterator<Row> rows) {
    int width = encoder.plan().width();
    int capacity =
        (int)
            Math.max(
                1, Math.min(BLOCK_ROWS, BUFFER_BYTES / ((long) workers * width * Float.BYTES)));
    var builders = new PackedRows.Builder[workers];
    for (int i = 0; i < workers; i++) {
      builders[i] = new PackedRows.Builder(capacity, width, encoder.plan().allBytes());
    }
    var blocks = new ArrayList<Block>();
    var rejected = new EnumMap<RejectReason, Long>(RejectReason.class);
    var features = new float[width];
    int worker = partition % workers;
    while (rows.hasNext()) {
      var reason = encoder.encode(rows.next(), features, 0);
      if (reason.isPresent()) {
        rejected.merge(reason.get(), 1L, Long::sum);
        continue;
      }
      if (builders[worker].add(features)) {
        blocks.add(block(worker, partition, blocks.size(), builders[worker].build()));
      }
      worker = (worker + 1) % workers;
    }
    for (int i = 0; i < workers; i++) {
      if (!builders[i].isEmpty()) {
        blocks.add(block(i, partition, blocks.size(), builders[i].build()));
      }
    }
    if (!rejected.isEmpty()) {
      blocks.add(new Block(0, partition, blocks.size(), null, rejected));
    }
    return blocks.iterator();
  }

  private static Block block(int worker, int partition, int number, PackedRows rows) {
    return new Block(worker, partition, number, rows, new EnumMap<>(RejectReason.class));
  }

  private static Shard shard(Iterator<Block> unordered) {
    var blocks = new ArrayList<Block>();
    unordered.forEachRemaining(blocks::add);
    blocks.sort(Comparator.comparingInt(Block::partition).thenComparingInt(Block::number));
    Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
    blocks.forEach(b -> b.rejected.forEach((why, count) -> rejected.merge(why, count, Long::sum)));
    return new Shard(
        blocks.stream().filter(b -> b.rows != null).map(Block::rows).toList(), rejected);
  }

  /** Partition i holds worker i's rows. */
  private static final class ByWorker extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int workers;

    ByWorker(int workers) {
      this.workers = workers;
    }

    @Override
    public int numPartitions() {
      return workers;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByWorker that && that.workers == workers;
    }

    @Override
    public int hashCode() {
      return workers;
    }
  }
}
