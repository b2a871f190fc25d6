package io.latentlake.cli;

import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The Spark session of one command; one that was there already is used and left alone. */
final class Session implements AutoCloseable {
  /** Commands that train, and show it themselves. */
  private static final Set<String> DRAWING = Set.of("train", "quickstart");

  private final SparkSession spark;
  private final boolean owned;

  private Session(SparkSession spark, boolean owned) {
    this.spark = spark;
    this.owned = owned;
  }

  static Session open(String command, boolean verbose) {
    var active = SparkSession.getActiveSession();
    if (active.isDefined() && !active.get().sparkContext().isStopped()) {
      return new Session(active.get(), false);
    }
    var conf = new SparkConf();
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.app.name", "latentlake " + command);
    // Two threads each in two tasks are several times slower than one each: as many as a task's
    // cores, in every executor. The driver's own come from its environment (submit/latentlake).
    conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", conf.get("spark.task.cpus", "1"));
    // Training draws its own bar; where there is no terminal, a bar is only noise.
    boolean bars = System.console() != null && !DRAWING.contains(command);
    conf.setIfMissing("spark.ui.showConsoleProgress", String.valueOf(bars));
    SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
    spark.sparkContext().setLogLevel(verbose ? "INFO" : "WARN");
    warnOfThreads(conf);
    return new Session(spark, true);
  }

  private static void warnOfThreads(SparkConf conf) {
    if (conf.get("spark.master").startsWith("local[") && System.getenv("OMP_NUM_THREADS") == null) {
      System.err.println(
          "latentlake: OMP_NUM_THREADS is not set, so tasks will fight for the cores; set it to "
              + conf.get("spark.task.cpus", "1"));
    }
  }

  SparkSession spark() {
    return spark;
  }

  JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  Configuration hadoop() {
    return spark.sessionState().newHadoopConf();
  }

  @Override
  public void close() {
    if (owned) {
      spark.stop();
    }
  }
}
