package io.latentlake.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;

/**
 * Watches the averaging rounds' tasks and names the executor that all others wait for: one that
 * hangs, while the round still runs, and one that is much slower round after round.
 */
final class RoundWatch extends SparkListener implements AutoCloseable {
  /** How rounds' stages are called, which Spark's pages show. */
  static final String STAGE = "averaging round";

  /** What hangs has taken so many times as long as the slowest of the others. */
  private static final double HANGING = 5;

  private static final long HANGING_MILLIS = 10_000;

  /** A straggler takes so many times as long as the median of the others. */
  private static final double SLOW = 3;

  private static final long SLOW_MILLIS = 200;

  /** Any executor is slow once: when it starts, or collects garbage. */
  private static final int ROUNDS = 5;

  private final SparkContext spark;
  private final Consumer<String> warn;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(RoundWatch::daemon);
  private final Map<Long, TaskInfo> running = new HashMap<>();
  private final List<TaskInfo> ended = new ArrayList<>();
  private final Map<String, Integer> slowRounds = new HashMap<>();
  private final Set<String> named = new HashSet<>();
  private int stage = -1;

  /**
   * Begins to watch.
   *
   * @param warn is told, from another thread
   */
  RoundWatch(SparkContext spark, Consumer<String> warn) {
    this.spark = spark;
    this.warn = warn;
    spark.addSparkListener(this);
    clock.scheduleWithFixedDelay(
        () -> nameHanging(System.currentTimeMillis()), 1, 1, TimeUnit.SECONDS);
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "latentlake-round-watch");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (submitted.stageInfo().name().startsWith(STAGE)) {
      stage = submitted.stageInfo().stageId();
      running.clear();
      ended.clear();
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart started) {
    if (started.stageId() == stage) {
      running.put(started.taskInfo().taskId(), started.taskInfo());
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.stageId() == stage) {
      running.remove(end.taskInfo().taskId());
      if (end.taskInfo().successful()) {
        ended.add(end.taskInfo());
      }
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
    if (completed.stageInfo().stageId() == stage) {
      nameSlow();
      running.clear();
    }
  }

  private synchronized void nameHanging(long now) {
    if (ended.isEmpty()) {
      return;
    }
    long slowest = ended.stream().mapToLong(TaskInfo::duration).max().getAsLong();
    for (TaskInfo task : running.values()) {
      long age = now - task.launchTime();
      if (age > HANGING_MILLIS && age > HANGING * slowest) {
        warn(
            "hanging:" + task.executorId(),
            "worker %d on executor %s (%s) has taken %.0f s for a round that the others took %.1f s for; where speculation is on, it is tried elsewhere, and an executor that doesn't answer is given up after spark.network.timeout"
                .formatted(task.index(), task.executorId(), task.host(), age / 1e3, slowest / 1e3));
      }
    }
  }

  private void nameSlow() {
    if (ended.size() < 2) {
      return;
    }
    List<TaskInfo> byTime =
        ended.stream().sorted(Comparator.comparingLong(TaskInfo::duration)).toList();
    TaskInfo last = byTime.get(byTime.size() - 1);
    long median = byTime.get((byTime.size() - 1) / 2).duration();
    boolean slow = last.duration() > SLOW * median && last.duration() - median > SLOW_MILLIS;
    int rounds = slow ? slowRounds.getOrDefault(last.executorId(), 0) + 1 : 0;
    slowRounds.keySet().retainAll(Set.of(last.executorId()));
    slowRounds.put(last.executorId(), rounds);
    if (rounds >= ROUNDS) {
      warn(
          "slow:" + last.executorId(),
          "executor %s (%s) is a straggler: %.1f s for each of the last %d rounds, the others %.1f s; look at that machine, or leave it out"
              .formatted(
                  last.executorId(), last.host(), last.duration() / 1e3, rounds, median / 1e3));
    }
  }

  private void warn(String key, String message) {
    if (named.add(key)) {
      warn.accept(message);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    spark.removeSparkListener(this);
  }
}
