package io.latentlake.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.sql.SparkSession;

/**
 * Lets a command that is interrupted clean up behind itself while Spark still runs: its jobs are
 * cancelled, so that it fails and removes what it had begun. Without this, Spark's own hook stops
 * Spark under the running command, and its threads fill the terminal with stack traces.
 */
final class Interruption {
  /** Before the hooks of Spark (30 above) and of Hadoop's file systems. */
  private static final int PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 60;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final CountDownLatch ended = new CountDownLatch(1);

  private Interruption() {}

  /** Watches for the JVM being told to end; to be told when the command has {@link #ended()}. */
  static Interruption watch() {
    var interruption = new Interruption();
    ShutdownHookManager.get().addShutdownHook(interruption::cancelJobs, PRIORITY);
    return interruption;
  }

  /** Whether the JVM is ending. */
  static boolean isHappening() {
    return ShutdownHookManager.get().isShutdownInProgress();
  }

  void ended() {
    ended.countDown();
  }

  private void cancelJobs() {
    long start = System.nanoTime();
    try {
      // Again and again: the command may be about to start a job.
      while (!ended.await(100, TimeUnit.MILLISECONDS)
          && System.nanoTime() - start < PATIENCE_NANOS) {
        var session = SparkSession.getDefaultSession();
        if (session.isDefined() && !session.get().sparkContext().isStopped()) {
          session.get().sparkContext().cancelAllJobs();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // The command stopped Spark itself in between: it has cleaned up.
    }
  }
}
