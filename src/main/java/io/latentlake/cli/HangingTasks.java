package io.latentlake.cli;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerSpeculativeTaskSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;

/** Names each executor with a task that takes so long that Spark would try it elsewhere, once. */
final class HangingTasks extends SparkListener implements AutoCloseable {
  private final SparkContext spark;
  private final Consumer<String> warn;
  private final Map<Long, SparkListenerTaskStart> running = new HashMap<>();
  private final Set<String> named = new HashSet<>();

  /**
   * Watches until it is closed.
   *
   * @param warn takes what is to be told
   */
  HangingTasks(SparkContext spark, Consumer<String> warn) {
    this.spark = spark;
    this.warn = warn;
    spark.addSparkListener(this);
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart started) {
    running.put(started.taskInfo().taskId(), started);
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    running.remove(end.taskInfo().taskId());
  }

  @Override
  public void onSpeculativeTaskSubmitted(SparkListenerSpeculativeTaskSubmitted again) {
    running.values().stream()
        .filter(task -> task.stageId() == again.stageId())
        .map(SparkListenerTaskStart::taskInfo)
        .filter(task -> task.index() == again.taskIndex() && named.add(task.executorId()))
        .forEach(this::tell);
  }

  private void tell(TaskInfo task) {
    warn.accept(
        "executor %s (%s) has worked on a task for %.0f s, far longer than others took; it is tried on another host where one is free, and an executor that doesn't answer is given up after spark.network.timeout"
            .formatted(
                task.executorId(),
                task.host(),
                (System.currentTimeMillis() - task.launchTime()) / 1e3));
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
  }
}
