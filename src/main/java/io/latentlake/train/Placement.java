package io.latentlake.train;

import io.latentlake.spec.TrainSpec;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** How many workers Spark has room for, and how much memory a shard of each may take. */
final class Placement {
  private Placement() {}

  /** The settings with what they leave to the cluster settled. */
  static TrainSpec of(TrainSpec wanted, JavaSparkContext spark) {
    int slots = slots(spark);
    int workers = wanted.workers() > 0 ? wanted.workers() : slots;
    long memory =
        wanted.shardMemory() > 0
            ? wanted.shardMemory()
            : ShardMemory.share(spark.sc(), Math.max(workers, slots));
    return wanted.resolved(workers, memory);
  }

  /** Tasks that run at once: one replica each, unless the user asks for another number. */
  static int slots(JavaSparkContext spark) {
    SparkContext context = spark.sc();
    ResourceProfile profile = context.resourceProfileManager().defaultResourceProfile();
    int slots = context.maxNumConcurrentTasks(profile);
    // Executors that were asked for but have not registered yet count too.
    SparkConf conf = spark.getConf();
    int asked = conf.getInt("spark.executor.instances", 0) * profile.maxTasksPerExecutor(conf);
    return Math.max(1, Math.max(slots, asked));
  }
}
