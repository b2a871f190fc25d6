package io.latentlake.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Merges the workers' results on the driver, always in the workers' order, so that a round can be
 * repeated to the bit. Where there are many workers, executors merge neighbours first, so that the
 * driver's memory doesn't grow with them.
 */
final class OrderedSum {
  /** Results that are merged at a time. */
  private static final int NEIGHBOURS = 16;

  private OrderedSum() {}

  /**
   * One result of all.
   *
   * @param results at most one a partition, at least one in all
   */
  static RoundResult of(JavaRDD<RoundResult> results) {
    JavaRDD<RoundResult> left = results;
    while (left.getNumPartitions() > NEIGHBOURS) {
      left = mergeNeighbours(left);
    }
    return RoundResult.merge(left.collect());
  }

  private static JavaRDD<RoundResult> mergeNeighbours(JavaRDD<RoundResult> results) {
    int groups = -Math.floorDiv(-results.getNumPartitions(), NEIGHBOURS);
    JavaRDD<Tuple2<Integer, RoundResult>> placed =
        results.mapPartitionsWithIndex(OrderedSum::place, true);
    return JavaPairRDD.fromJavaRDD(placed)
        .repartitionAndSortWithinPartitions(new Neighbours(groups))
        .values()
        .mapPartitions(OrderedSum::merge);
  }

  private static Iterator<Tuple2<Integer, RoundResult>> place(
      int partition, Iterator<RoundResult> results) {
    return results.hasNext()
        ? List.of(new Tuple2<>(partition, results.next())).iterator()
        : Collections.emptyIterator();
  }

  private static Iterator<RoundResult> merge(Iterator<RoundResult> results) {
    var group = new ArrayList<RoundResult>();
    results.forEachRemaining(group::add);
    return group.isEmpty()
        ? Collections.emptyIterator()
        : List.of(RoundResult.merge(group)).iterator();
  }

  /** Partitions that follow one another, together. */
  private static final class Neighbours extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int groups;

    Neighbours(int groups) {
      this.groups = groups;
    }

    @Override
    public int numPartitions() {
      return groups;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key / NEIGHBOURS;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Neighbours that && that.groups == groups;
    }

    @Override
    public int hashCode() {
      return groups;
    }
  }
}
