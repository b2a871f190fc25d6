package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.cluster.Finding.Level;
import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether all can write at a path, and nothing is left there. */
class PathProbeTest {
  private final Configuration hadoop = new Configuration();
  @TempDir Path folder;

  @Test
  void findsNothingWrongAndLeavesNothing() throws IOException {
    Path wanted = folder.resolve("not").resolve("there");
    var probe = PathProbe.begin(wanted.toString(), hadoop);
    assertEquals("", probe.tryAs("task-0", hadoop));
    List<Finding> findings = probe.end(Map.of("task-0", "executor 0"), hadoop);
    assertEquals(List.of(Level.OK), findings.stream().map(Finding::level).toList());
    try (var left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void refusesWhatCannotBeAFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> PathProbe.begin(file.resolve("folder").toString(), hadoop));
    assertTrue(error.getMessage().contains("can't be written to"), error.getMessage());
    var unknown =
        assertThrows(
            InvalidInputException.class, () -> PathProbe.begin("nowhere://bucket/a", hadoop));
    assertTrue(unknown.getMessage().contains("nowhere"), unknown.getMessage());
  }

  @Test
  void noticesAHostThatSeesAnotherDisk() {
    var probe = PathProbe.begin(folder.toString(), hadoop);
    var elsewhere = new PathProbe(folder.toString(), folder.resolve("other").toString());
    assertTrue(elsewhere.tryAs("task-0", hadoop).contains("all hosts share"));
    List<Finding> findings = probe.end(Map.of("task-0", "executor 7"), hadoop);
    assertEquals(Level.PROBLEM, findings.get(0).level());
    assertTrue(findings.get(0).text().contains("executor 7"));
  }
}
