package io.latentlake.train;

import io.latentlake.data.RejectCounts;
import java.io.Serializable;
import java.util.Comparator;

/**
 * What a partition deals to a worker at a time.
 *
 * @param rows may be null, where there are rejections alone
 * @param rejected rows that can't be used, by reason
 */
record ShardBlock(PackedRows rows, RejectCounts rejected) implements Serializable {

  /**
   * Where a block belongs. In this order a shard's rows depend on the table alone, and not on which
   * task ended first.
   *
   * @param worker whose shard it is in
   * @param partition of the table, that it comes from
   * @param number in that partition
   */
  record Place(int worker, int partition, int number) implements Comparable<Place>, Serializable {
    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::worker)
            .thenComparingInt(Place::partition)
            .thenComparingInt(Place::number);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }
}
