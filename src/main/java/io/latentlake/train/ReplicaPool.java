package io.latentlake.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

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
    boolean done = false;
    try {
      T result = task.apply(replica);
      done = true;
      return result;
    } finally {
      if (done) {
        giveBack(run, replica);
      } else {
        replica.close();
      }
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
    while (!IDLE.isEmpty()) {
      IDLE.poll().close();
    }
  }
}
