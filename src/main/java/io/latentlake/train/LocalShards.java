package io.latentlake.train;

import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.RDDBlockId;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Cached shards, each where it is worked on. When a task runs in an executor that doesn't have its
 * shard, Spark alone would send the whole of it over from the executor that does, through the
 * memory of both, and again in the next round. Here it is packed once more, from the shuffle's
 * files, and from then on cached in this executor too. So is one that has turned out damaged.
 */
final class LocalShards extends RDD<Shard> {
  private static final long serialVersionUID = 1L;
  private static final ClassTag<Shard> SHARD = ClassTag$.MODULE$.apply(Shard.class);

  /**
   * The same shards.
   *
   * @param packed persisted
   */
  LocalShards(JavaRDD<Shard> packed) {
    super(packed.rdd(), SHARD);
  }

  @Override
  public Partition[] getPartitions() {
    return packed().partitions();
  }

  @Override
  public Iterator<Shard> compute(Partition split, TaskContext context) {
    BlockManager executor = SparkEnv.get().blockManager();
    var block = new RDDBlockId(packed().id(), split.index());
    if (executor.getStatus(block).isEmpty()) {
      Iterator<Shard> shard = packed().compute(split, context);
      executor.putIterator(block, shard, packed().getStorageLevel(), true, SHARD);
    }
    Iterator<Shard> cached = packed().iterator(split, context);
    Shard shard = cached.next();
    if (!shard.isDamaged()) {
      return new Held(shard, cached);
    }
    // Seen to have ended, the iterator lets go of the block.
    if (!cached.hasNext()) {
      executor.removeBlock(block, true);
    }
    return compute(split, context);
  }

  /** A shard, which Spark keeps for this task until the iterator it came from has ended. */
  private static final class Held extends AbstractIterator<Shard> {
    private final Shard shard;
    private final Iterator<Shard> behind;
    private boolean given;

    Held(Shard shard, Iterator<Shard> behind) {
      this.shard = shard;
      this.behind = behind;
    }

    @Override
    public boolean hasNext() {
      return !given || behind.hasNext();
    }

    @Override
    public Shard next() {
      if (given) {
        return behind.next();
      }
      given = true;
      return shard;
    }
  }

  private RDD<Shard> packed() {
    return firstParent(SHARD);
  }
}
