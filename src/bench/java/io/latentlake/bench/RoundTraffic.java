package io.latentlake.bench;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * What Spark takes to carry a replica's state to executors and back: weights and two moments, as
 * the averaging sends them. Executors are processes of their own on this machine, so this is
 * serialization and loopback; no network is between them.
 */
final class RoundTraffic implements Contender {
  /** Executors, each with one core. */
  static final int EXECUTORS = 2;

  /** Spark's name for a cluster of so many processes on this machine. */
  static final String MASTER = "local-cluster[" + EXECUTORS + ",1,1536]";

  /** Floats that a replica's state has for every parameter: the weight and Adam's two moments. */
  static final int STATE = 3;

  private static final int PARAMETERS = 4_000_000;
  private static final int EMPTY_ROUNDS = 3;
  private static final int TREE_LEAVES = 6;
  private static final float[] NOTHING = new float[1];

  private final JavaSparkContext spark;
  private final float[] payload = new float[STATE * PARAMETERS];

  RoundTraffic(JavaSparkContext spark) {
    this.spark = spark;
  }

  @Override
  public Map<Quantity, Double> measure() {
    // The least disturbed of some: it is taken off the others, which it must not exceed.
    double latency =
        DoubleStream.generate(() -> broadcast(NOTHING)).limit(EMPTY_ROUNDS).min().orElseThrow();
    double megabytes = payload.length * Float.BYTES / 1e6;
    long treeHops = new Gathering(TREE_LEAVES).hops();
    return Map.of(
        Quantity.ROUND_LATENCY, latency,
        Quantity.BROADCAST, megabytes / (broadcast(payload) - latency),
        Quantity.COLLECT, EXECUTORS * megabytes / (collect() - latency),
        Quantity.TREE, treeHops * megabytes / (reduceInTree() - latency));
  }

  /** Seconds to carry an array to all executors, until each has it. */
  private double broadcast(float[] values) {
    long start = System.nanoTime();
    Broadcast<float[]> shared = spark.broadcast(values);
    try {
      workers(EXECUTORS)
          .mapPartitions(ignored -> Collections.singleton(shared.value().length).iterator())
          .collect();
      return secondsSince(start);
    } finally {
      shared.destroy();
    }
  }

  /** Seconds until the driver has one array from each executor. */
  private double collect() {
    long start = System.nanoTime();
    arrays(EXECUTORS).collect();
    return secondsSince(start);
  }

  /** Seconds until the driver has the sum of arrays that executors added up before. */
  private double reduceInTree() {
    long start = System.nanoTime();
    arrays(TREE_LEAVES).treeReduce(RoundTraffic::sum);
    return secondsSince(start);
  }

  private JavaRDD<float[]> arrays(int workers) {
    int length = payload.length;
    return workers(workers)
        .mapPartitions(ignored -> Collections.singleton(new float[length]).iterator());
  }

  private JavaRDD<Integer> workers(int count) {
    List<Integer> workers = IntStream.range(0, count).boxed().toList();
    return spark.parallelize(workers, count);
  }

  private static float[] sum(float[] left, float[] right) {
    var sum = new float[left.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = left[i] + right[i];
    }
    return sum;
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
