package io.latentlake.report;

import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sums up where the time of all tasks goes, for as long as it is open. */
public final class TaskClock extends SparkListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskClock.class);
  private static final long PATIENCE_MILLIS = 2000;

  private final SparkContext spark;
  private TaskTime sum = TaskTime.ZERO;

  public TaskClock(SparkContext spark) {
    this.spark = spark;
    spark.addSparkListener(this);
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    TaskMetrics metrics = end.taskMetrics();
    if (metrics != null) { // of a lost executor's task there are none
      add(metrics);
    }
  }

  private synchronized void add(TaskMetrics metrics) {
    double run = metrics.executorRunTime() / 1e3;
    double computing = Math.min(run, metrics.executorCpuTime() / 1e9);
    double collecting = Math.min(run - computing, metrics.jvmGCTime() / 1e3);
    double starting = (metrics.executorDeserializeTime() + metrics.resultSerializationTime()) / 1e3;
    sum = sum.plus(new TaskTime(computing, collecting, run - computing - collecting, starting));
  }

  /** What the tasks that have ended took; without the last ones where Spark is slow to tell. */
  public TaskTime time() {
    try {
      spark.listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
    } catch (TimeoutException e) {
      LOG.warn("Spark is slow to tell of its tasks; some are missing in the time split", e);
    }
    synchronized (this) {
      return sum;
    }
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
  }
}
