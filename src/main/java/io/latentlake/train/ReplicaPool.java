package io.latentlake.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;

/**
 * The replicas that live in this JVM from round to round. One training run's at a time: another run
 * frees what an earlier one left.
 */
final class ReplicaPool {
  private static final Deque<Replica> IDLE = new ArrayDeque<>();
  private static String owner = "";

  private ReplicaPool() {}

  /**
   * Lends a replica to one task. If the task fails the replica is freed, not reused.
   *
   * @param run names the training run
   * @param make builds a replica where none is idle
   */
  static <T> T with(String run, Supplier<Replica> make, Function<Replica, T> task) {
    Replica replica = borrow(run, make);
    try {
      T result = task.apply(replica);
      giveBack(run, replica);
      return result;
    } catch (RuntimeException | Error e) {
      replica.close();
      throw e;
    }
  }

  private static Replica borrow(String run, Supplier<Replica> make) {
    Replica idle;
    synchronized (IDLE) {
      if (!owner.equals(run)) {
        freeIdle();
        owner = run;
      }
      idle = IDLE.poll();
    }
    return idle == null ? make.get() : idle;
  }

  private static void giveBack(String run, Replica replica) {
    synchronized (IDLE) {
      if (owner.equals(run)) {
        IDLE.push(replica);
        return;
      }
    }
    replica.close();
  }

  /**
   * Frees a run's replicas in this JVM and, as far as tasks over its shards reach them, in the
   * executors.
   */
  static void releaseEverywhere(String run, JavaRDD<Shard> shards) {
    release(run);
    if (!shards.context().isStopped()) {
      shards.foreachPartition(shard -> release(run));
    }
  }

  private static void release(String run) {
    synchronized (IDLE) {
      if (owner.equals(run)) {
        freeIdle();
        owner = "";
      }
    }
  }

  private static void freeIdle() {
    while (!IDLE.isEmpty()) {
      IDLE.poll().close();
    }
  }
}
