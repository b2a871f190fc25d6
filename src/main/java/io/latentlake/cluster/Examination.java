package io.latentlake.cluster;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;

/** Judges what a JVM of a run is like by what a run needs. */
final class Examination {
  private static final int JAVA = 17;
  private static final String SPARK = "3.5.";
  private static final String SCALA = "2.12.";
  private static final long MIB = 1L << 20;

  private final JvmFacts facts;
  private final JvmFacts driver;
  private final SparkConf conf;
  private final boolean computes;
  private final List<Finding> findings = new ArrayList<>();

  private Examination(JvmFacts facts, JvmFacts driver, SparkConf conf, boolean computes) {
    this.facts = facts;
    this.driver = driver;
    this.conf = conf;
    this.computes = computes;
  }

  /**
   * What is to be said of a JVM.
   *
   * @param driver what the others must agree with
   * @param computes whether tasks run in it
   */
  static List<Finding> of(JvmFacts facts, JvmFacts driver, SparkConf conf, boolean computes) {
    var examination = new Examination(facts, driver, conf, computes);
    examination.versions();
    examination.openPackages();
    if (computes) {
      examination.instructions();
      examination.threads();
      examination.memory();
      examination.device();
    }
    return List.copyOf(examination.findings);
  }

  private void ok(String text, Object... values) {
    findings.add(Finding.ok(facts.place(), text, values));
  }

  private void warning(String text, Object... values) {
    findings.add(Finding.warning(facts.place(), text, values));
  }

  private void problem(String text, Object... values) {
    findings.add(Finding.problem(facts.place(), text, values));
  }

  private void versions() {
    int before = findings.size();
    if (facts.java() < JAVA) {
      problem("Java %d: LatentLake needs %d; set JAVA_HOME to one", facts.java(), JAVA);
    } else if (facts.java() > JAVA) {
      warning("Java %d: Spark 3.5 is made for %d at most", facts.java(), JAVA);
    }
    if (!facts.spark().startsWith(SPARK)) {
      problem("Spark %s: LatentLake is built for %sx", facts.spark(), SPARK);
    }
    if (!facts.scala().startsWith(SCALA)) {
      problem("Scala %s: take a Spark that is built for %sx", facts.scala(), SCALA);
    }
    String versions = "Spark %s, LatentLake %s".formatted(facts.spark(), facts.latentlake());
    String wanted = "Spark %s, LatentLake %s".formatted(driver.spark(), driver.latentlake());
    if (!versions.equals(wanted)) {
      problem("%s, but the driver has %s: install the same on all hosts", versions, wanted);
    }
    if (findings.size() == before) {
      ok("Java %d, Scala %s, %s", facts.java(), facts.scala(), versions);
    }
  }

  private void openPackages() {
    if (!facts.closedPackages().isEmpty()) {
      problem(
          "Java keeps Spark out of %s: start it with spark-submit or submit/latentlake, which give the --add-opens options",
          String.join(", ", facts.closedPackages()));
    }
  }

  private void instructions() {
    switch (facts.instructionSet()) {
      case "" ->
          warning(
              "oneDNN doesn't load (its log says why): ND4J computes, several times slower;"
                  + " it needs glibc and a 64-bit x86");
      case "sse41", "avx" ->
          warning(
              "oneDNN computes with %s only: a processor with AVX2 is several times faster",
              facts.instructionSet());
      default -> ok("oneDNN computes with %s", facts.instructionSet());
    }
  }

  private void threads() {
    int cores = conf.getInt("spark.task.cpus", 1);
    String remedy =
        facts.place().equals("driver")
            ? "export OMP_NUM_THREADS=%d before the start".formatted(cores)
            : "--conf spark.executorEnv.OMP_NUM_THREADS=%d".formatted(cores);
    if (!String.valueOf(cores).equals(facts.openMpThreads())) {
      warning(
          "OMP_NUM_THREADS is %s, and spark.task.cpus is %d, so that tasks fight for cores or leave them idle: %s",
          facts.openMpThreads() == null ? "not set" : facts.openMpThreads(), cores, remedy);
    } else {
      ok("OMP_NUM_THREADS is %d, as spark.task.cpus says", cores);
    }
    int slots = conf.getInt("spark.executor.cores", 1);
    if (slots > facts.processors()) {
      warning(
          "spark.executor.cores = %d, but this process may use %d: ask for as many as there are",
          slots, facts.processors());
    }
  }

  private void memory() {
    long container = Math.min(facts.memory(), ExecutorContainer.bytes(conf).orElse(Long.MAX_VALUE));
    long beside = container - facts.heap();
    long least = Sizing.BESIDE_THE_HEAP;
    if (beside < least) {
      problem(
          "the heap may take %d MiB of the %d MiB that there are, which leaves %d MiB beside it of the %d a run needs:"
              + " lower spark.executor.memory (spark.driver.memory in local mode) or raise spark.executor.memoryOverhead",
          facts.heap() / MIB, container / MIB, beside / MIB, least / MIB);
    } else if (facts.processLimit() > container) {
      warning(
          "memory beside the heap is refused only when the process has %d MiB, and it is killed at %d: add"
              + " -Dorg.bytedeco.javacpp.maxphysicalbytes=%dm to spark.executor.extraJavaOptions (in local mode"
              + " spark.driver.extraJavaOptions), so that an error says what a kill would hide",
          facts.processLimit() / MIB, container / MIB, container / MIB);
    } else {
      ok("%d MiB of heap, %d MiB for the whole process", facts.heap() / MIB, container / MIB);
    }
  }

  private void device() {
    if (facts.deviceProblem().isEmpty()) {
      ok("computes on %s", facts.device());
    } else {
      problem("%s", facts.deviceProblem());
    }
  }
}
