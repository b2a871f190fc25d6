package io.latentlake.cluster;

import java.util.OptionalLong;
import org.apache.spark.SparkConf;

/** What YARN and Kubernetes give an executor before they kill it. */
final class ExecutorContainer {
  private static final long LEAST_OVERHEAD_MIB = 384;
  private static final double OVERHEAD_FACTOR = 0.1;

  private ExecutorContainer() {}

  /** Heap and overhead as the settings ask for them, bytes; empty where no manager counts them. */
  static OptionalLong bytes(SparkConf conf) {
    String master = conf.get("spark.master", "local");
    if (!master.startsWith("yarn") && !master.startsWith("k8s")) {
      return OptionalLong.empty();
    }
    long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
    double factor = conf.getDouble("spark.executor.memoryOverheadFactor", OVERHEAD_FACTOR);
    long byDefault = Math.max(LEAST_OVERHEAD_MIB, (long) (factor * heap));
    long overhead = conf.getSizeAsMb("spark.executor.memoryOverhead", byDefault + "m");
    return OptionalLong.of((heap + overhead) << 20);
  }
}
