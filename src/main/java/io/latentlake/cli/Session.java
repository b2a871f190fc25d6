package io.latentlake.cli;

import io.latentlake.nn.Device;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.SparkSession;

/** The Spark session of one command; one that was there already is used and left alone. */
public final class Session implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Commands that train, and show it themselves. */
  private static final Set<String> DRAWING = Set.of("train", "quickstart");

  /** Commands whose tasks may run twice at a time: see {@link #tryHangingElsewhere}. */
  private static final Set<String> REPEATABLE = Set.of("train", "score");

  /** How often a task may be lost before the command fails. */
  private static final String LOSSES = "16";

  private static final String LEAST_PARTITIONS = "spark.sql.files.minPartitionNum";

  /** Of a table too small for many. Two of three tasks leave one of two cores idle at the end. */
  private static final int PARTITIONS_PER_SLOT = 4;

  private final SparkSession spark;
  private final boolean owned;

  private Session(SparkSession spark, boolean owned) {
    this.spark = spark;
    this.owned = owned;
  }

  /**
   * Opens the session of a command.
   *
   * @param command its name
   * @param verbose whether to show Spark's INFO log
   */
  public static Session open(String command, boolean verbose) {
    var active = SparkSession.getActiveSession();
    if (active.isDefined() && !active.get().sparkContext().isStopped()) {
      return new Session(active.get(), false);
    }
    var conf = new SparkConf();
    Device.requireValid(conf);
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.app.name", "latentlake " + command);
    // Two threads each in two tasks are several times slower than one each: as many as a task's
    // cores, in every executor. The driver's own come from its environment (submit/latentlake).
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", conf.get("spark.task.cpus", "1"));
    // Kryo, a common default on clusters, can't write records.
    conf.set("spark.serializer", JavaSerializer.class.getName());
    // Shards are cached where the first tasks run: wait (30 s at most) for all executors asked for.
    conf.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    // A task is lost with its executor; four losses, Spark's own patience, are soon had on machines
    // that are taken away and given back all night.
    conf.setIfMissing("spark.task.maxFailures", LOSSES);
    conf.setIfMissing("spark.stage.maxConsecutiveAttempts", LOSSES);
    if (REPEATABLE.contains(command)) {
      tryHangingElsewhere(conf);
    }
    // Training draws its own bar; where there is no terminal, a bar is only noise.
    boolean bars = System.console() != null && !DRAWING.contains(command);
    conf.setIfMissing("spark.ui.showConsoleProgress", String.valueOf(bars));
    SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
    if (!conf.contains(LEAST_PARTITIONS)) {
      int slots = spark.sparkContext().defaultParallelism();
      spark.conf().set(LEAST_PARTITIONS, String.valueOf(PARTITIONS_PER_SLOT * slots));
    }
    spark.sparkContext().setLogLevel("WARN");
    if (verbose) {
      // Also those that conf/log4j2.properties silences.
      Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.INFO);
    }
    warnOfThreads(conf);
    return new Session(spark, true);
  }

  /**
   * A worker's part of a round follows from the round's start alone, so that a second try elsewhere
   * gives the same to the bit, and whichever ends first is taken. Of a table's part that is written
   * twice, Spark's commit coordinator lets one attempt alone commit, and a lake's table takes the
   * files of the one that Spark takes. Spark's own settings would do so after a tenth of a second.
   */
  private static void tryHangingElsewhere(SparkConf conf) {
    if (conf.contains("spark.speculation")) {
      return;
    }
    conf.set("spark.speculation", "true");
    conf.setIfMissing("spark.speculation.quantile", "0.5");
    conf.setIfMissing("spark.speculation.multiplier", "5");
    conf.setIfMissing("spark.speculation.minTaskRuntime", "30s");
    conf.setIfMissing("spark.speculation.interval", "1s");
  }

  private static void warnOfThreads(SparkConf conf) {
    if (conf.get("spark.master").startsWith("local[") && System.getenv("OMP_NUM_THREADS") == null) {
      System.err.println(
          "latentlake: OMP_NUM_THREADS is not set, so tasks will fight for the cores; set it to "
              + conf.get("spark.task.cpus", "1"));
    }
  }

  public SparkSession spark() {
    return spark;
  }

  public JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  Configuration hadoop() {
    return spark.sessionState().newHadoopConf();
  }

  @Override
  public void close() {
    if (owned) {
      awaitTasks();
      spark.stop();
    }
  }

  /**
   * Waits a while for the tasks of a cancelled job to see that they are: stopped under them, Spark
   * fills the terminal with its threads' stack traces.
   */
  private void awaitTasks() {
    long start = System.nanoTime();
    while (tasksRun() && System.nanoTime() - start < PATIENCE_NANOS) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private boolean tasksRun() {
    return !spark.sparkContext().isStopped()
        && Arrays.stream(spark.sparkContext().statusTracker().getExecutorInfos())
            .anyMatch(executor -> executor.numRunningTasks() > 0);
  }
}
