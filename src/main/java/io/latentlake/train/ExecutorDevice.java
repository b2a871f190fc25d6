package io.latentlake.train;

import io.latentlake.nn.Device;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.SparkEnv;

/**
 * A device that an executor trains on.
 *
 * @param executor Spark's name for it; {@code driver} in local mode
 * @param device {@code cpu}, or such as {@code cuda:0 (NVIDIA A100)}
 */
public record ExecutorDevice(String executor, String device) implements Serializable {

  /** Asks the tasks that have the shards; an executor with several GPUs occurs several times. */
  static List<ExecutorDevice> of(ShardedTable table) {
    return table
        .shards()
        .map(shard -> new ExecutorDevice(SparkEnv.get().executorId(), Device.current().toString()))
        .collect()
        .stream()
        .distinct()
        .sorted(
            Comparator.comparing(ExecutorDevice::executor).thenComparing(ExecutorDevice::device))
        .toList();
  }
}
