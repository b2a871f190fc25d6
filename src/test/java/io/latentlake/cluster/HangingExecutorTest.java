package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SparkProcesses;
import io.latentlake.Submitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An executor's process that stands still, and one that runs a tenth of the time. */
@Tag("slow")
class HangingExecutorTest {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Pattern FIRST_EPOCH = Pattern.compile("^ +1 +\\d", Pattern.MULTILINE);

  /** Many more than it takes until a straggler is named. */
  private static final int EPOCHS = 10;

  @TempDir static Path folder;

  @BeforeAll
  static void trainUndisturbed() throws IOException, InterruptedException {
    try (var undisturbed = train("undisturbed", List.of("--master", "local[2]"))) {
      assertEquals(0, undisturbed.waitFor(PATIENCE), undisturbed.output());
    }
  }

  private static Submitted train(String name, List<String> spark) throws IOException {
    String words =
        "train --input mnist:test --epochs %d --workers 2 --averaging-frequency 8 --model %s"
            .formatted(EPOCHS, folder.resolve("model-" + name));
    var arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.add("--");
    arguments.addAll(spark);
    return new Submitted(folder, arguments);
  }

  private static List<String> cluster() {
    return List.of(
        "--master",
        "local-cluster[2,1,1024]",
        "--conf",
        "spark.cores.max=2",
        "--conf",
        "spark.speculation.minTaskRuntime=12s",
        "--conf",
        "spark.executor.heartbeatInterval=3s",
        "--conf",
        "spark.network.timeout=30s",
        "--conf",
        "spark.network.timeoutInterval=5s");
  }

  private static void await(Submitted running, Pattern printed)
      throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!printed.matcher(running.output()).find()) {
      boolean ended = running.hasEnded(Duration.ofMillis(100));
      assertTrue(!ended || printed.matcher(running.output()).find(), running.output());
      assertTrue(Instant.now().isBefore(deadline), running.output());
    }
  }

  private static byte[] weights(String name) throws IOException {
    return Files.readAllBytes(folder.resolve("model-" + name).resolve("weights.f32"));
  }

  /** Both executors are on one host, where Spark tries nothing twice: it gives this one up. */
  @Test
  void whatHangsIsNamedAndGivenUp() throws IOException, InterruptedException {
    try (var running = train("hanging", cluster())) {
      await(running, FIRST_EPOCH);
      SparkProcesses.signal("STOP", running.executors().get(0));
      assertEquals(0, running.waitFor(PATIENCE), running.output());
      assertTrue(
          Pattern.compile("worker \\d on executor \\d \\(.+\\) has taken \\d+ s for a round")
              .matcher(running.output())
              .find(),
          running.output());
    }
    assertArrayEquals(weights("undisturbed"), weights("hanging"));
  }

  @Test
  void aStragglerIsNamed() throws IOException, InterruptedException {
    try (var running = train("straggling", cluster())) {
      await(running, FIRST_EPOCH);
      ProcessHandle slow = running.executors().get(0);
      var named = Pattern.compile("executor \\d \\(.+\\) is a straggler: .+ the others");
      Instant deadline = Instant.now().plus(PATIENCE);
      while (!named.matcher(running.output()).find()) {
        SparkProcesses.signal("STOP", slow);
        assertFalse(running.hasEnded(Duration.ofMillis(900)), running.output());
        SparkProcesses.signal("CONT", slow);
        assertFalse(running.hasEnded(Duration.ofMillis(100)), running.output());
        assertTrue(Instant.now().isBefore(deadline), running.output());
      }
      assertEquals(0, running.waitFor(PATIENCE), running.output());
    }
    assertArrayEquals(weights("undisturbed"), weights("straggling"));
  }
}
