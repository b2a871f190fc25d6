package io.latentlake.score;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.util.AccumulatorV2;

/**
 * Counts rows by partition. A partition that Spark runs again replaces its own earlier count, so
 * that, unlike with Spark's sums, nothing is counted twice.
 */
final class PartitionCounts extends AccumulatorV2<PartitionCounts.Entry, RowCounts> {
  private static final long serialVersionUID = 1L;

  /** A sink of metrics reads it while tasks end. */
  private final Map<Integer, RowCounts> partitions = new ConcurrentHashMap<>();

  /** The rows of one partition. */
  record Entry(int partition, RowCounts counts) {}

  /** Counts the rows of the partition that the calling task works on. */
  void addPartition(RowCounts counts) {
    add(new Entry(TaskContext.getPartitionId(), counts));
  }

  @Override
  public boolean isZero() {
    return partitions.isEmpty();
  }

  @Override
  public PartitionCounts copy() {
    var copy = new PartitionCounts();
    copy.partitions.putAll(partitions);
    return copy;
  }

  @Override
  public void reset() {
    partitions.clear();
  }

  @Override
  public void add(Entry entry) {
    partitions.put(entry.partition, entry.counts);
  }

  @Override
  public void merge(AccumulatorV2<Entry, RowCounts> other) {
    partitions.putAll(((PartitionCounts) other).partitions);
  }

  @Override
  public RowCounts value() {
    var total = new RowCounts();
    partitions.values().forEach(total::add);
    return total;
  }
}
