package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SparkProcesses;
import io.latentlake.Submitted;
import io.latentlake.data.Format;
import io.latentlake.data.TableReader;
import io.latentlake.score.ScoreColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors of their own process that are killed again and again, a new one each time it is at
 * work, or one that stands still in scoring: the run ends, and what comes of it is what an
 * undisturbed run in one process gives.
 */
@Tag("slow")
@Tag("counts")
class KilledExecutorsTest {
  /** At least from the first killing to the last; 0: as long as a small run takes. */
  private static final int KILL_SECONDS = Integer.getInteger("latentlake.kill-seconds", 0);

  private static final Duration PATIENCE = Duration.ofMinutes(5).plusSeconds(5L * KILL_SECONDS);

  /** Tasks of a scoring: more where it is longer, so that one is done between two killings. */
  private static final int TASKS = KILL_SECONDS == 0 ? 8 : 48;

  /** From one killing to the next, at least. */
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private static final List<String> CLUSTER =
      List.of("--master", "local-cluster[2,1,1024]", "--conf", "spark.cores.max=2");
  private static final List<String> ONE_PROCESS = List.of("--master", "local[2]");
  private static final Pattern EPOCH = Pattern.compile("^ +\\d+ +\\d+\\.", Pattern.MULTILINE);

  @TempDir static Path folder;

  private static int epochs = 6;

  /** Of ten thousand images. */
  private static int copies = 2;

  @BeforeAll
  static void runUndisturbed() throws IOException, InterruptedException {
    Instant start = Instant.now();
    run(training("undisturbed"), ONE_PROCESS);
    if (KILL_SECONDS > 0) {
      epochs *= timesAsLong(start);
      run(training("undisturbed") + " --overwrite", ONE_PROCESS);
    }
    writeImages();
    run(
        "calibrate --model %s --input mnist:test --kind log_likelihood --output %s"
            .formatted(folder.resolve("model-undisturbed"), folder.resolve("slow-model")),
        ONE_PROCESS);
    start = Instant.now();
    run(scoring("undisturbed"), ONE_PROCESS);
    if (KILL_SECONDS > 0) {
      copies *= timesAsLong(start);
      writeImages();
      run(scoring("undisturbed") + " --overwrite", ONE_PROCESS);
    }
  }

  /** How much larger a run must be to last, undisturbed, about as long as executors are killed. */
  private static int timesAsLong(Instant start) {
    return 1 + KILL_SECONDS / (int) Duration.between(start, Instant.now()).toSeconds();
  }

  private static String training(String name) {
    return "train --input mnist:test --epochs %d --workers 2 --averaging-frequency 8 --model %s"
        .formatted(epochs, folder.resolve("model-" + name));
  }

  /** Scores that take a while. */
  private static String scoring(String name) {
    return "score --input %s --keep index --model %s --output %s"
        .formatted(
            folder.resolve("images"),
            folder.resolve("slow-model"),
            folder.resolve("scores-" + name));
  }

  private static Submitted submit(String words, List<String> spark) throws IOException {
    var arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.add("--");
    arguments.addAll(spark);
    return new Submitted(folder, arguments);
  }

  private static void run(String words, List<String> spark)
      throws IOException, InterruptedException {
    try (var submitted = submit(words, spark)) {
      assertEquals(0, submitted.waitFor(PATIENCE), submitted.output());
    }
  }

  /** How far a run has come. */
  private interface Progress {
    long made() throws IOException;
  }

  /**
   * Kills a run's executors in turn until it ends, or for as long as was asked for: every few
   * seconds and each time some progress has been made. Counts them.
   */
  private static void killExecutors(String what, Submitted running, Progress progress)
      throws IOException, InterruptedException {
    Set<Long> killed = new HashSet<>();
    Instant deadline = Instant.now().plus(PATIENCE);
    Instant first = Instant.MAX;
    long seconds = 0;
    long seen = 0;
    while (!running.hasEnded(PAUSE) && (KILL_SECONDS == 0 || seconds < KILL_SECONDS)) {
      assertTrue(Instant.now().isBefore(deadline), running.output());
      List<ProcessHandle> executors = running.executors();
      if (progress.made() > seen && !executors.isEmpty()) {
        // The oldest has most to lose.
        executors.get(0).destroyForcibly();
        killed.add(executors.get(0).pid());
        first = killed.size() == 1 ? Instant.now() : first;
        seconds = Duration.between(first, Instant.now()).toSeconds();
        seen = progress.made();
      }
    }
    assertEquals(0, running.waitFor(PATIENCE), running.output());
    String counted =
        "%s (%d epochs, %,d rows): %d executors killed and survived, %d s from the first to the last"
            .formatted(what, epochs, 10_000 * copies, killed.size(), seconds);
    System.out.println(counted);
    assertTrue(killed.size() >= 3 && seconds >= KILL_SECONDS, counted);
  }

  @Test
  void trainingEndsWithTheSameWeights() throws IOException, InterruptedException {
    try (var running = submit(training("killed"), CLUSTER)) {
      killExecutors("Training", running, () -> EPOCH.matcher(running.output()).results().count());
    }
    assertArrayEquals(weights("undisturbed"), weights("killed"));
  }

  private static byte[] weights(String name) throws IOException {
    return Files.readAllBytes(folder.resolve("model-" + name).resolve("weights.f32"));
  }

  @Test
  void scoringGivesEveryRowOnce() throws IOException, InterruptedException {
    var cluster = new ArrayList<>(CLUSTER);
    cluster.addAll(List.of("--conf", "spark.sql.files.minPartitionNum=" + TASKS));
    try (var running = submit(scoring("killed"), cluster)) {
      killExecutors("Scoring", running, () -> filesWritten("killed"));
    }
    requireEveryRowOnce("killed");
  }

  /**
   * The executor is never given up, so that nothing but a second try on another host ends the
   * scoring. Spark, which tells all executors what it cleans up, only stops when it answers again.
   */
  @Test
  void whatHangsInScoringIsNamedAndTriedElsewhere() throws IOException, InterruptedException {
    var settings =
        List.of(
            "spark.cores.max 2",
            "spark.driver.host 127.0.0.1",
            "spark.speculation.minTaskRuntime 3s",
            "spark.network.timeout 1h");
    Path file = Files.write(folder.resolve("hanging.conf"), settings);
    try (var cluster =
            new StandaloneCluster(Files.createDirectory(folder.resolve("two")), file, 2);
        var running =
            submit(
                scoring("hanging"),
                List.of("--master", cluster.master(), "--properties-file", file.toString()))) {
      await(running, () -> filesWritten("hanging") >= 3);
      ProcessHandle executor = cluster.executors().get(0);
      SparkProcesses.signal("STOP", executor);
      await(running, () -> running.output().contains("Scored "));
      SparkProcesses.signal("CONT", executor);
      assertEquals(0, running.waitFor(PATIENCE), running.output());
      assertTrue(
          Pattern.compile("executor \\d \\(127.0.0.\\d\\) has worked on a task for \\d+ s")
              .matcher(running.output())
              .find(),
          running.output());
    }
    requireEveryRowOnce("hanging");
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Submitted running, Condition condition)
      throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.holds()) {
      assertTrue(Instant.now().isBefore(deadline), running.output());
      // That it has ended just now is no fault where the condition holds with it.
      assertTrue(!running.hasEnded(Duration.ofMillis(20)) || condition.holds(), running.output());
    }
  }

  private static void requireEveryRowOnce(String name) {
    List<Row> expected = scores("undisturbed");
    assertEquals(10_000 * copies, expected.size());
    assertEquals(expected, scores(name));
  }

  /** By the tasks that have ended, as far as Spark has them under the output's hidden name. */
  private static long filesWritten(String run) throws IOException {
    try (var files = Files.walk(folder, 6)) {
      return files
          .map(Path::toString)
          .filter(name -> name.contains(".scores-" + run + ".") && name.contains("/task_"))
          .filter(name -> name.endsWith(".parquet"))
          .count();
    } catch (UncheckedIOException e) {
      // A folder went while it was listed.
      return 0;
    }
  }

  private static void writeImages() {
    var spark = SharedSpark.session();
    TableReader.read(spark, "fashion-mnist:test", Format.PARQUET)
        .crossJoin(spark.range(copies).withColumnRenamed("id", "copy"))
        .withColumn("index", functions.expr("index + 10000 * copy"))
        .drop("copy")
        .repartition(TASKS)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(folder.resolve("images").toString());
  }

  private static List<Row> scores(String name) {
    return SharedSpark.session()
        .read()
        .parquet(folder.resolve("scores-" + name).toString())
        .drop(ScoreColumns.SCORED_AT)
        .orderBy("index")
        .collectAsList();
  }
}
