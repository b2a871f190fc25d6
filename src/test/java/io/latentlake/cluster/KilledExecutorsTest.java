package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
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
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors of their own process that are killed again and again, a new one each time it is at
 * work: the run ends, and what comes of it is what an undisturbed run in one process gives.
 */
@Tag("slow")
class KilledExecutorsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** In most of them an executor is killed. */
  private static final int EPOCHS = Integer.getInteger("latentlake.killed-epochs", 6);

  /** From one killing to the next, at least. */
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private static final List<String> CLUSTER =
      List.of("--master", "local-cluster[2,1,1024]", "--conf", "spark.cores.max=2");
  private static final List<String> ONE_PROCESS = List.of("--master", "local[2]");
  private static final Pattern EPOCH = Pattern.compile("^ +\\d+ +\\d+\\.", Pattern.MULTILINE);

  @TempDir static Path folder;

  @BeforeAll
  static void trainUndisturbed() throws IOException, InterruptedException {
    run(training("undisturbed"), ONE_PROCESS);
  }

  private static String training(String name) {
    return "train --input mnist:test --epochs %d --workers 2 --averaging-frequency 8 --model %s"
        .formatted(EPOCHS, folder.resolve("model-" + name));
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
   * Kills a run's executors in turn until it ends, every few seconds and each time some progress
   * has been made, and counts them.
   */
  private static int killing(Submitted running, Progress progress)
      throws IOException, InterruptedException {
    Set<Long> killed = new HashSet<>();
    Instant deadline = Instant.now().plus(PATIENCE);
    long seen = 0;
    while (!running.hasEnded(PAUSE)) {
      assertTrue(Instant.now().isBefore(deadline), running.output());
      List<ProcessHandle> executors = running.executors();
      if (progress.made() > seen && !executors.isEmpty()) {
        // The oldest has most to lose.
        executors.get(0).destroyForcibly();
        killed.add(executors.get(0).pid());
        seen = progress.made();
      }
    }
    assertEquals(0, running.waitFor(PATIENCE), running.output());
    return killed.size();
  }

  @Test
  void trainingEndsWithTheSameWeights() throws IOException, InterruptedException {
    try (var running = submit(training("killed"), CLUSTER)) {
      int killed = killing(running, () -> EPOCH.matcher(running.output()).results().count());
      System.out.printf("Training: %d executors killed and survived%n", killed);
      assertTrue(killed >= 3, killed + " killed");
    }
    assertArrayEquals(weights("undisturbed"), weights("killed"));
  }

  private static byte[] weights(String name) throws IOException {
    return Files.readAllBytes(folder.resolve("model-" + name).resolve("weights.f32"));
  }

  @Test
  void scoringGivesEveryRowOnce() throws IOException, InterruptedException {
    writeImages();
    run(
        "calibrate --model %s --input mnist:test --kind log_likelihood --output %s"
            .formatted(folder.resolve("model-undisturbed"), folder.resolve("slow-model")),
        ONE_PROCESS);
    run(scoring("undisturbed"), ONE_PROCESS);
    int killed;
    try (var running = submit(scoring("killed"), CLUSTER)) {
      killed = killing(running, KilledExecutorsTest::filesWritten);
    }
    System.out.printf("Scoring: %d executors killed and survived%n", killed);
    assertTrue(killed >= 3, killed + " killed");
    List<Row> expected = scores("undisturbed");
    assertEquals(20_000, expected.size());
    assertEquals(expected, scores("killed"));
  }

  /** By the tasks that have ended, as far as Spark has them under the output's hidden name. */
  private static long filesWritten() throws IOException {
    try (var files = Files.walk(folder, 6)) {
      return files
          .map(Path::toString)
          .filter(name -> name.contains(".scores-killed") && name.contains("/task_"))
          .filter(name -> name.endsWith(".parquet"))
          .count();
    } catch (UncheckedIOException e) {
      // A folder went while it was listed.
      return 0;
    }
  }

  /** In many files, so that a task is done between two killings. */
  private static void writeImages() {
    var spark = SharedSpark.session();
    var images = TableReader.read(spark, "fashion-mnist:test", Format.PARQUET);
    images
        .union(images.withColumn("index", functions.expr("index + 10000")))
        .repartition(24)
        .write()
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
