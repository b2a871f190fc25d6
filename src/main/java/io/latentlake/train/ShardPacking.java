package io.latentlake.train;

import io.latentlake.data.InternalRows;
import io.latentlake.data.RowEncoder;
import io.latentlake.train.ShardBlock.Place;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;
import scala.math.Ordering$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Packs a table into one shard a worker. Every partition deals its rows to the workers in turn, so
 * the shards are even whatever the partitions are; Spark's external sorter brings a worker's blocks
 * into order, and no more of them are in memory than there is room for.
 */
final class ShardPacking implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final ClassTag<Place> PLACE = ClassTag$.MODULE$.apply(Place.class);
  private static final ClassTag<ShardBlock> BLOCK = ClassTag$.MODULE$.apply(ShardBlock.class);

  private final RowEncoder encoder;
  private final RowLayout layout;
  private final int workers;
  private final long memory;

  /**
   * A packing.
   *
   * @param workers how many shards
   * @param memory bytes a shard may take in memory; a larger one is read from disk
   */
  ShardPacking(RowEncoder encoder, int workers, long memory) {
    this.encoder = encoder;
    this.layout = new RowLayout(encoder.plan().width(), encoder.plan().allBytes());
    this.workers = workers;
    this.memory = memory;
  }

  /** One shard a worker, in the workers' order; not yet computed. */
  JavaRDD<Shard> pack(Dataset<Row> table) {
    Dataset<Row> features = encoder.select(table);
    StructType columns = features.schema();
    Function2<Integer, Iterator<InternalRow>, Iterator<Tuple2<Place, ShardBlock>>> deal =
        (partition, rows) -> new RowDealer(encoder.bind(columns), layout, workers, partition, rows);
    JavaRDD<Tuple2<Place, ShardBlock>> dealt =
        InternalRows.of(features).mapPartitionsWithIndex(deal, false);
    SparkConf conf = table.sparkSession().sparkContext().conf();
    return sorted(dealt, conf).values().mapPartitions(blocks -> List.of(shard(blocks)).iterator());
  }

  private JavaPairRDD<Place, ShardBlock> sorted(
      JavaRDD<Tuple2<Place, ShardBlock>> dealt, SparkConf conf) {
    var shuffled =
        new ShuffledRDD<Place, ShardBlock, ShardBlock>(
            dealt.rdd(), new ByWorker(workers), PLACE, BLOCK, BLOCK);
    shuffled.setKeyOrdering(
        Ordering$.MODULE$.comparatorToOrdering(Comparator.<Place>naturalOrder()));
    // Java's streams hold on to all they wrote or read until they are reset, and the sorter has a
    // stream open for each of its files.
    shuffled.setSerializer(
        new JavaSerializer(conf.clone().set("spark.serializer.objectStreamReset", "1")));
    return JavaPairRDD.fromRDD(shuffled, PLACE, BLOCK);
  }

  private Shard shard(Iterator<ShardBlock> blocks) {
    try (var builder = new ShardBuilder(layout, memory)) {
      while (blocks.hasNext()) {
        ShardBlock block = blocks.next();
        builder.reject(block.rejected());
        if (block.rows() != null) {
          builder.add(block.rows());
        }
      }
      return builder.build();
    }
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
      return ((Place) key).worker();
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
