package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** The doctor looks at executors that are processes of their own. */
@Tag("slow")
class DoctorTest {
  private static final List<String> CLUSTER =
      List.of("--", "--master", "local-cluster[2,1,1024]", "--conf", "spark.cores.max=2");

  @TempDir Path folder;

  private String doctor(int exitCode, Path path, String... settings)
      throws IOException, InterruptedException {
    var arguments = new ArrayList<>(List.of("doctor", "--path", path.toString()));
    arguments.addAll(CLUSTER);
    for (String setting : settings) {
      arguments.addAll(List.of("--conf", setting));
    }
    try (var submitted = new Submitted(folder, arguments)) {
      assertEquals(exitCode, submitted.waitFor(Duration.ofMinutes(2)), submitted.output());
      return submitted.output();
    }
  }

  @Test
  void looksAtEveryExecutor() throws IOException, InterruptedException {
    String output = doctor(0, folder.resolve("scores"), "spark.executorEnv.OMP_NUM_THREADS=3");
    for (String executor : List.of("executor 0 on", "executor 1 on")) {
      assertTrue(output.contains("ok       " + executor), output);
      assertTrue(output.contains("warning  " + executor), output);
    }
    assertTrue(output.contains("OMP_NUM_THREADS is 3"), output);
    assertTrue(output.contains("problems: 0, warnings: 2"), output);
  }

  @Test
  void aClusterWithoutRoomIsNamed() throws IOException, InterruptedException {
    String output =
        doctor(
            1,
            folder.resolve("scores"),
            "spark.executor.cores=3",
            "spark.scheduler.maxRegisteredResourcesWaitingTime=4s");
    assertTrue(output.contains("problem  cluster: no executor has come in 4 s"), output);
    assertTrue(output.contains("1g and 3 cores"), output);
    assertTrue(output.contains("ok       " + folder.resolve("scores")), output);
  }

  @Test
  void endsWithOneWhereARunWouldFail() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("file"), "");
    String output = doctor(1, file.resolve("scores"), "spark.latentlake.device=cuda");
    assertTrue(output.contains("problem  " + file.resolve("scores")), output);
    assertTrue(output.contains("problem  executor 0 on"), output);
    assertTrue(output.contains("problem  executor 1 on"), output);
    assertTrue(output.contains("problems: 3"), output);
  }
}
