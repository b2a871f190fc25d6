package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.Submitted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trains and scores on a standalone cluster that is secured as {@code conf/spark-secure.conf} has
 * it: authentication, encryption on the network and on disks.
 */
@Tag("slow")
class StandaloneTest {
  private static final String SECRET = "planted-token-4711";

  @TempDir Path folder;

  private void run(StandaloneCluster cluster, Path settings, int exitCode, String words)
      throws IOException, InterruptedException {
    var arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.addAll(
        List.of("--", "--master", cluster.master(), "--properties-file", settings.toString()));
    try (var submitted = new Submitted(folder, arguments)) {
      assertEquals(exitCode, submitted.waitFor(Duration.ofMinutes(4)), submitted.output());
      assertFalse(submitted.output().contains(SECRET), "the secret was printed");
    }
  }

  private Path settings() throws IOException {
    return Files.write(
        folder.resolve("spark.conf"),
        List.of(
            "spark.authenticate true",
            "spark.authenticate.secret " + SECRET,
            "spark.network.crypto.enabled true",
            "spark.io.encryption.enabled true",
            "spark.cores.max 2",
            "spark.executor.memory 1g",
            "spark.driver.host 127.0.0.1",
            "spark.metrics.conf.driver.sink.csv.class org.apache.spark.metrics.sink.CsvSink",
            "spark.metrics.conf.driver.sink.csv.directory " + Files.createDirectory(metrics()),
            "spark.metrics.conf.driver.sink.csv.period 1"));
  }

  private Path metrics() {
    return folder.resolve("metrics");
  }

  @Test
  void trainsAndScoresOnASecuredCluster() throws IOException, InterruptedException {
    Path settings = settings();
    Path model = folder.resolve("model");
    Path scores = folder.resolve("scores");
    Path log = folder.resolve("run.jsonl");
    try (var cluster = new StandaloneCluster(folder, settings, 2)) {
      run(
          cluster,
          settings,
          0,
          "train --input mnist:test --epochs 1 --workers 2 --averaging-frequency 8 --verbose --model %s --log-json %s"
              .formatted(model, log));
      run(
          cluster,
          settings,
          0,
          "score --input fashion-mnist:test --keep index --model %s --output %s --metrics %s --log-json %s"
              .formatted(model, scores, folder.resolve("score.json"), log));
      // An exception with its trace.
      run(
          cluster,
          settings,
          2,
          "score --input mnist:test --keep nothing --verbose --model %s --output %s --log-json %s"
              .formatted(model, folder.resolve("refused"), log));
    }
    assertEquals(
        10_000, SharedSpark.session().read().parquet(scores.toString()).distinct().count());
    requireShown("latentlake.training.rounds");
    requireShown("latentlake.scoring.rows");
    for (Path written : List.of(model, scores, metrics(), log, folder.resolve("score.json"))) {
      requireNoSecret(written);
    }
  }

  /** Spark's own sink has written the figure, and not only zeros. */
  private void requireShown(String figure) throws IOException {
    try (var files = Files.list(metrics())) {
      Path file =
          files
              .filter(each -> each.getFileName().toString().endsWith(".driver." + figure + ".csv"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + figure + ".csv"));
      List<String> lines = Files.readAllLines(file);
      assertTrue(
          lines.stream().anyMatch(line -> line.matches("\\d+,[1-9].*")), figure + ": " + lines);
    }
  }

  private static void requireNoSecret(Path written) throws IOException {
    try (var files = Files.walk(written)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(content.contains(SECRET), file + " has the secret");
      }
    }
  }
}
