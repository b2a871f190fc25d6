package io.latentlake.train;

import io.latentlake.nn.Device;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The replicas that live in this JVM from round to round, each on the device it was made on. One
 * training run's at a time: another run frees what an earlier one left.
 */
final class ReplicaPool {
  private static final Map<Device, Deque<Replica>> IDLE = new HashMap<>();
  private static String owner = "";

  private ReplicaPool() {}

  /**
   * Lends a replica to one task. If the task fails the replica is freed, not reused.
   *
   * @param run names the training run
   * @param make builds a replica where none is idle
   */
  static <T> T with(String run, Supplier<Replica> make, Function<Replica, T> task) {
    Device device = Device.current().bind();
    Replica replica = borrow(run, device, make);
    boolean done = false;
    try {
      T result = task.apply(replica);
      done = true;
      return result;
    } finally {
      if (done) {
        giveBack(run, device, replica);
      } else {
        replica.close();
      }
    }
  }

  private static Replica borrow(String run, Device device, Supplier<Replica> make) {
    Replica idle;
    synchronized (IDLE) {
      if (!owner.equals(run)) {
        freeIdle();
        owner = run;
      }
      idle = idle(device).poll();
    }
    return idle == null ? make.get() : idle;
  }

  private static void giveBack(String run, Device device, Replica replica) {
    synchronized (IDLE) {
      if (owner.equals(run)) {
        idle(device).push(replica);
        return;
      }
    }
    replica.close();
  }

  /**
   * Frees a run's replicas in the executors, as far as so many short tasks reach them. One that is
   * not reached frees them when it trains again or ends.
   */
  static void releaseInExecutors(String run, JavaSparkContext spark, int workers) {
    List<Integer> tasks = IntStream.range(0, workers).boxed().toList();
    spark.parallelize(tasks, workers).foreach(task -> release(run));
  }

  /** Frees a run's replicas in this JVM. */
  static void release(String run) {
    synchronized (IDLE) {
      if (owner.equals(run)) {
        freeIdle();
        owner = "";
      }
    }
  }

  private static void freeIdle() {
    IDLE.values().forEach(replicas -> replicas.forEach(Replica::close));
    IDLE.clear();
  }

  private static Deque<Replica> idle(Device device) {
    return IDLE.computeIfAbsent(device, none -> new ArrayDeque<>());
  }
}
