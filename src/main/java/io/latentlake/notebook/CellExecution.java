package io.latentlake.notebook;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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

  private Thread running;
  private FutureTask<?> task;
  private boolean interrupted;
  private ClassLoader classes;
  private Object value;

  /**
   * An execution.
   *
   * @param parent knows everything that snippets can use
   */
  CellExecution(ClassLoader parent) {
    super(new CellClasses(parent));
    classes = parent;
  }

  /** The value of the snippet that ran last; null where it had none. */
  Object value() {
    return value;
  }

  /** Whether the cell has been told to stop; asking forgets it. */
  synchronized boolean takeInterrupt() {
    boolean was = interrupted;
    interrupted = false;
    return was;
  }

  @Override
  protected String invoke(Method snippet) throws Exception {
    value = null;
    // Spark, when it is started, and its tasks find by it what cells define.
    classes = snippet.getDeclaringClass().getClassLoader();
    try {
      value = call(() -> snippet.invoke(null));
      return valueString(value);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof InvocationTargetException thrown
          ? thrown
          : new InvocationTargetException(e.getCause());
    }
  }

  /**
   * Does a part of a cell's work where it can be interrupted.
   *
   * @throws ExecutionException when it failed, or the cell was told to stop before it began, as
   *     while it was compiled
   */
  <T> T call(Callable<T> work) throws ExecutionException, InterruptedException {
    var started = new FutureTask<>(work);
    var thread = new Thread(started, "cell");
    thread.setDaemon(true);
    thread.setContextClassLoader(classes);
    synchronized (this) {
      if (interrupted) {
        throw new ExecutionException(new InterruptedException("before it began"));
      }
      task = started;
      running = thread;
      thread.start();
    }
    try {
      return started.get();
    } finally {
      ended();
    }
  }

  private synchronized void ended() {
    running = null;
  }

  /**
   * Interrupts what runs, and cancels Spark's jobs, which would go on without whoever waits for
   * them. What doesn't heed that, such as an endless loop, is stopped after a few seconds. Where
   * nothing runs yet, nothing of the cell will.
   */
  @Override
  @SuppressWarnings("deprecation")
  public void stop() {
    Thread cell;
    FutureTask<?> work;
    synchronized (this) {
      interrupted = true;
      cell = running;
      work = task;
    }
    if (cell == null) {
      return;
    }
    cell.interrupt();
    sparkSession().ifPresent(spark -> spark.sparkContext().cancelAllJobs());
    try {
      work.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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
