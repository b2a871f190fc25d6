package io.latentlake.notebook;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.apache.spark.sql.SparkSession;

/**
 * Runs compiled snippets in this JVM, each on a thread of its own that can be interrupted, and
 * keeps the values themselves, of which JShell only passes on the text. JShell's own local
 * execution would wait for every thread that a snippet starts, and Spark's never end.
 */
final class CellExecution extends DirectExecutionControl implements ExecutionControlProvider {
  private static final long PATIENCE_SECONDS = 3;

  private volatile Thread running;
  private volatile FutureTask<Object> task;
  private volatile boolean interrupted;
  private Object value;

  /**
   * An execution.
   *
   * @param parent knows everything that snippets can use
   */
  CellExecution(ClassLoader parent) {
    super(new CellClasses(parent));
  }

  /** The value of the snippet that ran last; null where it had none. */
  Object value() {
    return value;
  }

  /** Whether the running cell has been told to stop; asking forgets it. */
  boolean takeInterrupt() {
    boolean was = interrupted;
    interrupted = false;
    return was;
  }

  @Override
  protected String invoke(Method snippet) throws Exception {
    value = null;
    task = new FutureTask<>(() -> snippet.invoke(null));
    running = new Thread(task, "cell");
    running.setDaemon(true);
    // Spark, when it is started, and its tasks find by it what cells define.
    running.setContextClassLoader(snippet.getDeclaringClass().getClassLoader());
    running.start();
    try {
      value = task.get();
      return valueString(value);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof InvocationTargetException thrown
          ? thrown
          : new InvocationTargetException(e.getCause());
    } finally {
      running = null;
    }
  }

  /**
   * Interrupts what runs, and cancels Spark's jobs, which would go on without whoever waits for
   * them. What doesn't heed that, such as an endless loop, is stopped after a few seconds.
   */
  @Override
  @SuppressWarnings("deprecation")
  public void stop() {
    Thread cell = running;
    if (cell == null) {
      return;
    }
    interrupted = true;
    cell.interrupt();
    sparkSession().ifPresent(spark -> spark.sparkContext().cancelAllJobs());
    try {
      task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // As JShell's own execution does: the thread runs nothing but the user's code.
      cell.stop();
    } catch (ExecutionException e) {
      // The cell's own failure, which the cell shows.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The session that cells have started, if they have. */
  static Optional<SparkSession> sparkSession() {
    var session = SparkSession.getDefaultSession();
    return session.isDefined() && !session.get().sparkContext().isStopped()
        ? Optional.of(session.get())
        : Optional.empty();
  }

  @Override
  public String name() {
    return "latentlake";
  }

  @Override
  public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
    return this;
  }
}
