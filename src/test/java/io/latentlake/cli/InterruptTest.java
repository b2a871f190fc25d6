package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Submitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is interrupted leaves no model, and nothing half-written. */
@Tag("slow")
class InterruptTest {
  private static final Pattern FIRST_EPOCH = Pattern.compile("^ +1 +\\d", Pattern.MULTILINE);
  private static final int INTERRUPTED = 128 + 2;

  @TempDir Path outputs;
  @TempDir Path models;

  @Test
  void interruptedTraining() throws IOException, InterruptedException {
    Path model = models.resolve("model");
    String[] train =
        "train --input mnist:test --epochs 10000 --model %s -- --master local[2]"
            .formatted(model)
            .split(" ");
    try (var training = new Submitted(outputs, List.of(train))) {
      waitForFirstEpoch(training);
      assertTrue(
          found().stream().anyMatch(name -> name.contains("incomplete")),
          "nothing is staged while it trains: " + found());
      interrupt(training);
      int exitCode = training.waitFor(Duration.ofSeconds(60));
      assertEquals(INTERRUPTED, exitCode, training.output());
      assertEquals(List.of(), found(), "left behind");
      assertTrue(training.output().endsWith("latentlake: interrupted\n"), training.output());
      assertFalse(training.output().contains("\tat "), training.output());
    }
  }

  private List<String> found() throws IOException {
    try (var files = Files.list(models)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void waitForFirstEpoch(Submitted training)
      throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(Duration.ofMinutes(3));
    while (!FIRST_EPOCH.matcher(training.output()).find()) {
      assertFalse(training.hasEnded(Duration.ofMillis(200)), training.output());
      assertTrue(Instant.now().isBefore(deadline), training.output());
    }
  }

  private static void interrupt(Submitted training) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-INT", Long.toString(training.pid())).start();
    assertTrue(kill.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, kill.exitValue());
  }
}
