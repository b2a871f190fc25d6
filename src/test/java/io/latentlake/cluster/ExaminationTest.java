package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.cluster.Finding.Level;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** What is wrong with a JVM is found, named, and said how to mend. */
class ExaminationTest {
  private static final long MIB = 1L << 20;
  private static final JvmFacts SOUND = new Facts().made();

  /** Facts of a JVM that has nothing wrong, to be changed. */
  private static final class Facts {
    int java = 17;
    String spark = "3.5.7";
    String scala = "2.12.18";
    String latentlake = "1";
    List<String> closed = List.of();
    String instructions = "avx2";
    String threads = "1";
    int processors = 4;
    long heap = 1024 * MIB;
    long processLimit = 2048 * MIB;
    String deviceProblem = "";

    JvmFacts made() {
      return new JvmFacts(
          "executor 1 on host",
          java,
          latentlake,
          spark,
          scala,
          closed,
          instructions,
          threads,
          processors,
          4096 * MIB,
          heap,
          heap,
          processLimit,
          "cpu",
          deviceProblem);
    }
  }

  private static SparkConf conf() {
    return new SparkConf(false).set("spark.master", "yarn").set("spark.executor.memory", "1g");
  }

  private static SparkConf roomy() {
    return conf().set("spark.executor.memoryOverhead", "1g");
  }

  private static void found(Level level, Facts facts, SparkConf conf, String... words) {
    List<Finding> wrong =
        Examination.of(facts.made(), SOUND, conf, true).stream()
            .filter(finding -> finding.level() != Level.OK)
            .toList();
    assertEquals(1, wrong.size(), wrong::toString);
    assertEquals(level, wrong.get(0).level());
    assertEquals("executor 1 on host", wrong.get(0).place());
    for (String word : words) {
      assertTrue(wrong.get(0).text().contains(word), wrong.get(0).text());
    }
  }

  @Test
  void nothingIsWrongWithASoundOne() {
    List<Finding> findings = Examination.of(SOUND, SOUND, roomy(), true);
    assertEquals(5, findings.size());
    assertTrue(findings.stream().allMatch(finding -> finding.level() == Level.OK));
  }

  @Test
  void versions() {
    var facts = new Facts();
    facts.java = 11;
    found(Level.PROBLEM, facts, roomy(), "Java 11", "JAVA_HOME");
    facts = new Facts();
    facts.java = 21;
    found(Level.WARNING, facts, roomy(), "Java 21");
    facts = new Facts();
    facts.scala = "2.13.8";
    found(Level.PROBLEM, facts, roomy(), "2.13.8", "2.12");
    facts = new Facts();
    facts.latentlake = "2";
    found(Level.PROBLEM, facts, roomy(), "LatentLake 2", "LatentLake 1", "same on all hosts");
    facts = new Facts();
    facts.spark = "3.5.1";
    found(Level.PROBLEM, facts, roomy(), "Spark 3.5.1", "Spark 3.5.7");
  }

  @Test
  void packagesKeptClosed() {
    var facts = new Facts();
    facts.closed = List.of("sun.nio.ch");
    found(Level.PROBLEM, facts, roomy(), "sun.nio.ch", "spark-submit");
  }

  @Test
  void instructions() {
    var facts = new Facts();
    facts.instructions = "";
    found(Level.WARNING, facts, roomy(), "oneDNN doesn't load");
    facts = new Facts();
    facts.instructions = "sse41";
    found(Level.WARNING, facts, roomy(), "sse41", "AVX2");
  }

  @Test
  void threads() {
    var facts = new Facts();
    facts.threads = null;
    found(Level.WARNING, facts, roomy(), "not set", "spark.executorEnv.OMP_NUM_THREADS=1");
    facts = new Facts();
    facts.threads = "1";
    found(
        Level.WARNING,
        facts,
        roomy().set("spark.task.cpus", "2"),
        "OMP_NUM_THREADS is 1",
        "spark.executorEnv.OMP_NUM_THREADS=2");
    facts = new Facts();
    facts.processors = 2;
    found(
        Level.WARNING, facts, roomy().set("spark.executor.cores", "4"), "spark.executor.cores = 4");
  }

  @Test
  void memory() {
    var facts = new Facts();
    facts.processLimit = 8192 * MIB;
    found(Level.WARNING, facts, roomy(), "8192", "maxphysicalbytes=2048m");
    facts = new Facts();
    facts.heap = 3900 * MIB;
    found(
        Level.PROBLEM,
        facts,
        new SparkConf(false).set("spark.master", "spark://host:7077"),
        "3900 MiB of the 4096",
        "spark.executor.memory");
  }

  @Test
  void device() {
    var facts = new Facts();
    facts.deviceProblem = "spark.latentlake.device = cuda: no GPU can be used";
    found(Level.PROBLEM, facts, roomy(), "no GPU");
  }

  @Test
  void aDriverThatComputesNothingNeedsNoMemoryOrThreads() {
    var facts = new Facts();
    facts.threads = "64";
    facts.heap = 4096 * MIB;
    List<Finding> findings = Examination.of(facts.made(), SOUND, roomy(), false);
    assertEquals(1, findings.size());
    assertEquals(Level.OK, findings.get(0).level());
  }
}
