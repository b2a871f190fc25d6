package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.Submitted;
import java.io.IOException;
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

  private void run(StandaloneCluster cluster, Path settings, String words)
      throws IOException, InterruptedException {
    var arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.addAll(
        List.of("--", "--master", cluster.master(), "--properties-file", settings.toString()));
    try (var submitted = new Submitted(folder, arguments)) {
      assertEquals(0, submitted.waitFor(Duration.ofMinutes(4)), submitted.output());
      assertTrue(!submitted.output().contains(SECRET), "the secret was printed");
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
            "spark.driver.host 127.0.0.1"));
  }

  @Test
  void trainsAndScoresOnASecuredCluster() throws IOException, InterruptedException {
    Path settings = settings();
    Path model = folder.resolve("model");
    Path scores = folder.resolve("scores");
    try (var cluster = new StandaloneCluster(folder, settings, 2)) {
      run(
          cluster,
          settings,
          "train --input mnist:test --epochs 1 --workers 2 --averaging-frequency 8 --model "
              + model);
      run(
          cluster,
          settings,
          "score --input fashion-mnist:test --keep index --model %s --output %s"
              .formatted(model, scores));
    }
    assertEquals(
        10_000, SharedSpark.session().read().parquet(scores.toString()).distinct().count());
    try (var written = Files.walk(model)) {
      for (Path file : written.filter(path -> path.toString().endsWith(".json")).toList()) {
        assertTrue(!Files.readString(file).contains(SECRET), file + " has the secret");
      }
    }
  }
}
