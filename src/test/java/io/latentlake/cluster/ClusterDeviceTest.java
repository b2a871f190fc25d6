package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.latentlake.Submitted;
import io.latentlake.nn.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors to which Spark assigns a GPU that isn't there. */
@Tag("slow")
class ClusterDeviceTest {
  /** Not 0, which a task without an assignment would have said too. */
  private static final String ADDRESS = "7";

  @TempDir static Path folder;

  private static Path script;
  private static Path log;

  @BeforeAll
  static void pretendGpu() throws IOException {
    assumeFalse(Device.current().isGpu(), "there is a GPU");
    script = folder.resolve("discover");
    Files.writeString(
        script,
        "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"%s\"]}'\n".formatted(ADDRESS));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    log = folder.resolve("executors.log");
    Files.writeString(
        folder.resolve("log4j2.properties"),
        """
        # With an appender, or Spark would take its own defaults.
        rootLogger.appenderRef.file.ref = file
        rootLogger.level = off
        logger.latentlake.name = io.latentlake
        logger.latentlake.level = info
        appender.file.type = File
        appender.file.name = file
        appender.file.fileName = %s
        appender.file.layout.type = PatternLayout
        appender.file.layout.pattern = %%p %%m%%n%%ex
        """
            .formatted(log));
  }

  private static Submitted train(String device) throws IOException {
    String words =
        "train --input mnist:test --epochs 1 --workers 2 --model %s -- --master"
            + " local-cluster[2,1,1024] --conf spark.cores.max=2"
            + " --conf spark.worker.resource.gpu.amount=1"
            + " --conf spark.worker.resource.gpu.discoveryScript=%s"
            + " --conf spark.executor.resource.gpu.amount=1"
            + " --conf spark.task.resource.gpu.amount=1"
            + " --conf spark.executor.extraJavaOptions=-Dlog4j2.configurationFile=file:%s"
            + " --conf spark.latentlake.device=%s";
    return new Submitted(
        folder,
        List.of(
            words
                .formatted(
                    folder.resolve("model-" + device),
                    script,
                    folder.resolve("log4j2.properties"),
                    device)
                .split(" ")));
  }

  @Test
  void everyExecutorSaysWhyItComputesOnTheCpu() throws IOException, InterruptedException {
    try (var submitted = train("auto")) {
      assertEquals(0, submitted.waitFor(Duration.ofMinutes(4)), submitted.output());
    }
    List<String> lines = Files.readAllLines(log);
    assertEquals(2, lines.size(), lines.toString());
    for (String line : lines) {
      String expected = "WARN Computing on the CPU, though Spark assigned GPU " + ADDRESS + ": ";
      assertTrue(line.startsWith(expected), line);
      assertTrue(line.length() > expected.length(), line);
    }
    assertEquals(List.of("0 cpu", "1 cpu"), devices());
  }

  private static List<String> devices() throws IOException {
    List<String> devices = new ArrayList<>();
    Path history = folder.resolve("model-auto").resolve("history.json");
    for (JsonNode device : new ObjectMapper().readTree(history.toFile()).path("devices")) {
      devices.add(device.path("executor").asText() + " " + device.path("device").asText());
    }
    return devices;
  }

  @Test
  void insistingEndsTheCommandWithTheReason() throws IOException, InterruptedException {
    try (var submitted = train("cuda")) {
      assertEquals(2, submitted.waitFor(Duration.ofMinutes(4)), submitted.output());
      List<String> lines = submitted.output().lines().toList();
      assertTrue(
          lines.get(lines.size() - 1).contains("spark.latentlake.device = cuda: no GPU"),
          submitted.output());
      assertTrue(lines.stream().noneMatch(line -> line.startsWith("\tat ")), submitted.output());
    }
  }
}
