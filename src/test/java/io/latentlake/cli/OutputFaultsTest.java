package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.Submitted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scoring processes whose disk is full, whose folder is deleted, and that write to one folder. */
@Tag("slow")
class OutputFaultsTest {
  private static final int ROWS = 200_000;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir static Path folder;

  private static String table;
  private static String model;

  @BeforeAll
  static void train() throws IOException {
    model = SmallModel.train(folder).model();
    table = SmallTables.parquet(SmallTables.numbers(ROWS).repartition(8), folder.resolve("many"));
  }

  private static List<String> scoring(Path output, String... more) {
    String words = "score --input %s --model %s --output %s".formatted(table, model, output);
    var arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--", "--master", "local[2]", "--conf", "spark.ui.enabled=false"));
    return arguments;
  }

  private static List<String> entries(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** In a mount namespace of its own, where a small file system is. */
  @Test
  void aFullDiskIsNamedAndNothingIsLeft() throws IOException, InterruptedException {
    Process tried = new ProcessBuilder("unshare", "--map-root-user", "--mount", "true").start();
    assumeTrue(tried.waitFor() == 0, "this machine allows no mount namespace");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    String script =
        "mount -t tmpfs -o size=2m none '%1$s' && { \"$@\"; code=$?; ls -A '%1$s'; echo left; exit $code; }"
            .formatted(disk);
    var command = new ArrayList<>(List.of("unshare", "--map-root-user", "--mount"));
    command.addAll(List.of("sh", "-c", script, "sh"));
    command.add(Path.of("submit", "latentlake").toAbsolutePath().toString());
    command.addAll(scoring(disk.resolve("scores")));
    Path printed = folder.resolve("full.txt");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("SPARK_HOME");
    Process process = builder.redirectOutput(printed.toFile()).start();
    try {
      assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
    String output = Files.readString(printed);
    assertEquals(1, process.exitValue(), output);
    assertTrue(output.contains("No space left on device"), output);
    assertTrue(output.contains("make room"), output);
    // Nothing stands between the error and what is listed of the disk.
    List<String> lines = output.lines().toList();
    assertEquals("left", lines.get(lines.size() - 1), output);
    assertTrue(lines.get(lines.size() - 2).startsWith("latentlake: "), output);
  }

  @Test
  void aFolderThatIsDeletedMeanwhileIsNoticed() throws IOException, InterruptedException {
    Path lake = Files.createDirectory(folder.resolve("deleted"));
    try (var running = new Submitted(folder, scoring(lake.resolve("scores")))) {
      Instant deadline = Instant.now().plus(PATIENCE);
      // A first task has ended.
      while (committed(lake) == 0) {
        assertFalse(running.hasEnded(Duration.ofMillis(2)), running.output());
        assertTrue(Instant.now().isBefore(deadline), running.output());
      }
      for (String each : entries(lake)) {
        FileUtils.deleteQuietly(lake.resolve(each).toFile());
      }
      assertEquals(1, running.waitFor(PATIENCE), running.output());
      assertTrue(running.output().contains(lake.resolve("scores").toString()), running.output());
      assertTrue(running.output().contains("was deleted while"), running.output());
    }
    assertEquals(List.of(), entries(lake));
  }

  private static long committed(Path lake) throws IOException {
    try (var files = Files.walk(lake)) {
      return files.filter(file -> file.getFileName().toString().matches("task_\\w+")).count();
    } catch (UncheckedIOException e) {
      return 0; // what was listed has been renamed
    }
  }

  @Test
  void ofTwoJobsOneIsTold() throws IOException, InterruptedException {
    Path lake = Files.createDirectory(folder.resolve("shared"));
    Path scores = lake.resolve("scores");
    try (var one = new Submitted(folder, scoring(scores));
        var other = new Submitted(folder, scoring(scores))) {
      int sum = one.waitFor(PATIENCE) + other.waitFor(PATIENCE);
      assertEquals(2, sum, one.output() + other.output());
      String told = one.waitFor(PATIENCE) == 2 ? one.output() : other.output();
      // Before it began, or when it was about to end.
      assertTrue(
          told.contains(scores + ": exists already")
              || told.contains(scores + ": another job wrote it at the same time"),
          told);
    }
    assertEquals(List.of("scores"), entries(lake));
    var written = SharedSpark.session().read().parquet(scores.toString());
    assertEquals(ROWS, written.count());
    assertEquals(ROWS, written.select("id").distinct().count());
  }
}
