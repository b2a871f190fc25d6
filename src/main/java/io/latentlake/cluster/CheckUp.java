package io.latentlake.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/** Looks whether the driver, every executor and the paths of a run are what it needs. */
public final class CheckUp {
  /** Tasks for each slot: each takes a moment, so that every executor gets some. */
  private static final int TASKS_A_SLOT = 4;

  private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(250);

  /** For how long executors are waited for, here as before a job. */
  private static final String PATIENCE = "spark.scheduler.maxRegisteredResourcesWaitingTime";

  private final JavaSparkContext spark;
  private final Configuration hadoop;
  private final List<Finding> findings = new ArrayList<>();

  private CheckUp(JavaSparkContext spark, Configuration hadoop) {
    this.spark = spark;
    this.hadoop = hadoop;
  }

  /**
   * Looks at everything.
   *
   * @param paths where a run is to read or write
   * @return what was found: the driver first, then executors, then paths
   */
  public static List<Finding> of(JavaSparkContext spark, Configuration hadoop, List<String> paths) {
    return new CheckUp(spark, hadoop).run(paths);
  }

  private List<Finding> run(List<String> paths) {
    SparkConf conf = spark.getConf();
    boolean local = spark.sc().isLocal();
    JvmFacts driver = JvmFacts.here();
    findings.addAll(Examination.of(driver, driver, conf, local));
    List<PathProbe> probes = begin(paths);
    boolean there = local || executorsCome();
    List<Report> executors = there ? reports(probes) : List.of();
    for (Report report : executors) {
      if (!local) {
        findings.addAll(Examination.of(report.facts(), driver, conf, true));
      }
      for (String failure : report.failures()) {
        findings.add(Finding.problem(report.facts().place(), "%s", failure));
      }
    }
    if (!local && there) {
      count(executors.size());
    }
    for (PathProbe probe : probes) {
      Map<String, String> written =
          executors.stream()
              .filter(report -> report.failures().isEmpty())
              .collect(Collectors.toMap(Report::file, report -> report.facts().place()));
      findings.addAll(probe.end(written, hadoop));
    }
    return List.copyOf(findings);
  }

  private List<PathProbe> begin(List<String> paths) {
    var probes = new ArrayList<PathProbe>();
    for (String path : paths) {
      try {
        probes.add(PathProbe.begin(path, hadoop));
      } catch (RuntimeException e) {
        // Some file systems give what the network says as one; the others are to be looked at too.
        findings.add(Finding.problem(path, "%s", e.getMessage()));
      }
    }
    return probes;
  }

  /** Whether any executor comes, for which a job would wait without end. */
  private boolean executorsCome() {
    SparkConf conf = spark.getConf();
    long patience = conf.getTimeAsSeconds(PATIENCE, "30s");
    long start = System.nanoTime();
    while (registered() == 0) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(patience)) {
        findings.add(
            Finding.problem(
                "cluster",
                "no executor has come in %d s (%s) of %s and %s cores: is the cluster full, do executors end as soon as they start (their logs say), or is that more than any host has?",
                patience,
                PATIENCE,
                conf.get("spark.executor.memory", "1g"),
                conf.get("spark.executor.cores", "all")));
        return false;
      }
      LockSupport.parkNanos(MOMENT);
    }
    return true;
  }

  /** Executors that are there; the driver counts itself. */
  private int registered() {
    return spark.sc().statusTracker().getExecutorInfos().length - 1;
  }

  /** Executors that were asked for and didn't come, or came and were never given a task. */
  private void count(int reported) {
    int registered = registered();
    int asked = spark.getConf().getInt("spark.executor.instances", registered);
    if (registered < asked) {
      findings.add(
          Finding.warning(
              "cluster", "%d of %d executors are there: is the cluster full?", registered, asked));
    }
    if (reported < registered) {
      findings.add(
          Finding.warning(
              "cluster",
              "%d of %d executors took no task, and were not looked at",
              registered - reported,
              registered));
    }
    if (spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      findings.add(
          Finding.warning(
              "cluster",
              "spark.dynamicAllocation.enabled = true: training caches its shards on executors and waits for"
                  + " all of them; switch it off for 'train'"));
    }
  }

  /** One report for each executor, by its name. */
  private List<Report> reports(List<PathProbe> probes) {
    int tasks = TASKS_A_SLOT * Math.max(1, spark.defaultParallelism());
    var numbers = IntStream.range(0, tasks).boxed().toList();
    var settings = new SerializableConfiguration(hadoop);
    List<Report> all =
        spark.parallelize(numbers, tasks).map(number -> report(number, probes, settings)).collect();
    Map<String, Report> byExecutor = new HashMap<>();
    all.forEach(report -> byExecutor.putIfAbsent(report.facts().place(), report));
    return byExecutor.values().stream()
        .sorted(Comparator.comparing(report -> report.facts().place()))
        .toList();
  }

  private static Report report(int task, List<PathProbe> probes, SerializableConfiguration hadoop) {
    LockSupport.parkNanos(MOMENT);
    JvmFacts facts = JvmFacts.here();
    String file = "task-" + task;
    List<String> failures =
        probes.stream()
            .map(probe -> probe.tryAs(file, hadoop.value()))
            .filter(failure -> !failure.isEmpty())
            .toList();
    return new Report(facts, file, failures);
  }

  /**
   * What a task found.
   *
   * @param file that it wrote at each path
   * @param failures to do so
   */
  private record Report(JvmFacts facts, String file, List<String> failures)
      implements Serializable {}
}
