package io.latentlake.train;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.InternalRows;
import io.latentlake.data.RejectReason;
import io.latentlake.data.RowEncoder;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
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
  private static final EnumMap<RejectReason, Long> NONE_REJECTED =
      new EnumMap<>(RejectReason.class);

  private final RowEncoder encoder;
  private final int workers;

  ShardPacking(RowEncoder encoder, int workers) {
    this.encoder = encoder;
    this.workers = workers;
  }

  /** One shard a worker, in the workers' order; not yet computed. */
  JavaRDD<Shard> pack(Dataset<Row> table) {
    Dataset<Row> features = encoder.select(table);
    StructType columns = features.schema();
    Function2<Integer, Iterator<InternalRow>, Iterator<Block>> deal =
        (partition, rows) -> deal(partition, rows, encoder.bind(columns));
    return InternalRows.of(features)
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

  private Iterator<Block> deal(int partition, Iterator<InternalRow> rows, BoundEncoder bound) {
    int width = bound.width();
    long fitting = BUFFER_BYTES / ((long) workers * width * Float.BYTES);
    int capacity = (int) Math.max(1, Math.min(BLOCK_ROWS, fitting));
    return new Dealer(partition, rows, bound, capacity);
  }

  /** Deals one partition's rows; holds one unfinished block a worker. */
  private final class Dealer implements Iterator<Block> {
    private final int partition;
    private final Iterator<InternalRow> rows;
    private final BoundEncoder bound;
    private final PackedRows.Builder[] builders = new PackedRows.Builder[workers];
    private final EnumMap<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
    private final float[] features = new float[encoder.plan().width()];
    private final ArrayDeque<Block> ready = new ArrayDeque<>();
    private int worker;
    private int number;

    Dealer(int partition, Iterator<InternalRow> rows, BoundEncoder bound, int capacity) {
      this.partition = partition;
      this.rows = rows;
      this.bound = bound;
      this.worker = partition % workers;
      for (int i = 0; i < workers; i++) {
        builders[i] = new PackedRows.Builder(capacity, features.length, encoder.plan().allBytes());
      }
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && rows.hasNext()) {
        deal(rows.next());
        if (!rows.hasNext()) {
          finish();
        }
      }
      return !ready.isEmpty();
    }

    @Override
    public Block next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.poll();
    }

    private void deal(InternalRow row) {
      Optional<RejectReason> reason = bound.encode(row, features, 0);
      if (reason.isPresent()) {
        rejected.merge(reason.get(), 1L, Long::sum);
        return;
      }
      if (builders[worker].add(features)) {
        emit(worker, builders[worker].build(), NONE_REJECTED);
      }
      worker = (worker + 1) % workers;
    }

    private void finish() {
      for (int i = 0; i < workers; i++) {
        if (!builders[i].isEmpty()) {
          emit(i, builders[i].build(), NONE_REJECTED);
        }
      }
      if (!rejected.isEmpty()) {
        emit(0, null, rejected);
      }
    }

    private void emit(int to, PackedRows block, EnumMap<RejectReason, Long> rejectedRows) {
      ready.add(new Block(to, partition, number++, block, rejectedRows));
    }
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
