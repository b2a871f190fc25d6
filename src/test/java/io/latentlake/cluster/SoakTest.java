package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.cli.Main;
import io.latentlake.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trains and scores in a loop, in one application on a standalone cluster, while every half minute
 * an executor is killed: each loop's result is the first one's, and no memory is lost.
 */
@Tag("soak")
class SoakTest {
  private static final Duration TIME =
      Duration.ofMinutes(Integer.getInteger("latentlake.soak.minutes", 20));
  private static final int KILL_EVERY_SECONDS = 30;
  private static final int ROWS = 10_000;

  /** How much more memory than after the first loop is allowed. */
  private static final double GROWTH = 1.1;

  @TempDir Path folder;

  private final AtomicInteger killed = new AtomicInteger();

  /**
   * Memory after a loop, in MiB.
   *
   * @param heap of the driver, after a collection
   * @param offHeap bytes that the driver's native buffers hold
   * @param driver resident memory of the driver's process
   * @param daemons resident memory of master and workers
   */
  private record Memory(double heap, double offHeap, double driver, double daemons) {}

  private Memory measure(StandaloneCluster cluster) throws IOException, InterruptedException {
    // What was freed by a first collection is let go of by the second.
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(500);
    }
    Runtime heap = Runtime.getRuntime();
    double daemons = 0;
    for (ProcessHandle daemon : cluster.daemons()) {
      daemons += resident(daemon.pid());
    }
    return new Memory(
        (heap.totalMemory() - heap.freeMemory()) / 1048576.0,
        Pointer.totalBytes() / 1048576.0,
        resident(ProcessHandle.current().pid()),
        daemons);
  }

  private static double resident(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  private void killOne(StandaloneCluster cluster, Random random) {
    List<ProcessHandle> executors = cluster.executors();
    if (!executors.isEmpty()) {
      executors.get(random.nextInt(executors.size())).destroyForcibly();
      killed.incrementAndGet();
    }
  }

  private void run(String words, Object... arguments) {
    assertEquals(0, Main.run(words.formatted(arguments).split(" ")));
  }

  /** Spark remembers the last thousand jobs and a hundred thousand tasks: here few of them. */
  private static Map<String, String> settings(StandaloneCluster cluster) {
    String jar = Path.of("target", "latentlake.jar").toAbsolutePath().toString();
    return Map.ofEntries(
        Map.entry("spark.master", cluster.master()),
        Map.entry("spark.driver.host", "127.0.0.1"),
        Map.entry("spark.cores.max", "2"),
        Map.entry("spark.executor.memory", "1g"),
        Map.entry("spark.executor.extraClassPath", jar),
        Map.entry("spark.ui.enabled", "false"),
        Map.entry("spark.ui.retainedJobs", "20"),
        Map.entry("spark.ui.retainedStages", "20"),
        Map.entry("spark.ui.retainedTasks", "200"),
        Map.entry("spark.ui.retainedDeadExecutors", "2"),
        Map.entry("spark.sql.ui.retainedExecutions", "2"));
  }

  @Test
  void noLoopLosesRowsOrMemory() throws IOException, InterruptedException {
    Path none = Files.createFile(folder.resolve("spark.conf"));
    var killer = Executors.newSingleThreadScheduledExecutor();
    try (var cluster = new StandaloneCluster(folder, none, 2)) {
      Map<String, String> settings = settings(cluster);
      settings.forEach(System::setProperty);
      try (var session = Session.open("train", false)) {
        var random = new Random(5);
        killer.scheduleAtFixedRate(
            () -> killOne(cluster, random),
            KILL_EVERY_SECONDS,
            KILL_EVERY_SECONDS,
            TimeUnit.SECONDS);
        loop(cluster, session);
      } finally {
        settings.keySet().forEach(System::clearProperty);
      }
    } finally {
      killer.shutdownNow();
    }
    // Now and then none is there to be killed: its successor is about to start.
    long turns = TIME.toSeconds() / KILL_EVERY_SECONDS;
    assertTrue(killed.get() >= turns / 2, "%d killed in %d turns".formatted(killed.get(), turns));
  }

  private void loop(StandaloneCluster cluster, Session session)
      throws IOException, InterruptedException {
    Path model = folder.resolve("model");
    Path scores = folder.resolve("scores");
    byte[] weights = null;
    var memory = new ArrayList<Memory>();
    Instant end = Instant.now().plus(TIME);
    while (Instant.now().isBefore(end)) {
      run(
          "train --input mnist:test --epochs 3 --workers 2 --averaging-frequency 8 --overwrite --model %s",
          model);
      run(
          "score --input fashion-mnist:test --keep index --overwrite --model %s --output %s",
          model, scores);
      byte[] trained = Files.readAllBytes(model.resolve("weights.f32"));
      weights = weights == null ? trained : weights;
      assertArrayEquals(weights, trained);
      Dataset<Row> scored = session.spark().read().parquet(scores.toString());
      assertEquals(ROWS, scored.count());
      assertEquals(ROWS, scored.select("index").distinct().count());
      memory.add(measure(cluster));
      System.out.printf(
          "loop %d, %d executors killed: %s MiB%n",
          memory.size(), killed.get(), memory.get(memory.size() - 1));
    }
    requireSteady(memory);
  }

  private static void requireSteady(List<Memory> memory) {
    assertTrue(memory.size() > 2, "only " + memory.size() + " loops");
    Memory first = memory.get(0);
    Memory last = memory.get(memory.size() - 1);
    String both = "after the first loop %s, after the last %s".formatted(first, last);
    assertTrue(last.heap <= GROWTH * first.heap, both);
    assertTrue(last.offHeap <= GROWTH * first.offHeap, both);
    assertTrue(last.driver <= GROWTH * first.driver, both);
    assertTrue(last.daemons <= GROWTH * first.daemons, both);
  }
}
