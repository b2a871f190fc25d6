package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.latentlake.Submitted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that {@code -Pcuda} builds, on a machine where it can't use a GPU. */
@Tag("slow")
class CudaJarTest {
  @TempDir static Path folder;

  @BeforeAll
  static void requireJarAndNoGpu() {
    assumeTrue(Cuda.backend().isPresent(), "the jar has no CUDA backend; mvn verify -Pcuda");
    assumeFalse(Device.current().isGpu(), "there is a GPU");
  }

  @Test
  void trainsOnTheCpuAndSaysSoInOneLine() throws IOException, InterruptedException {
    String output = train("auto", 0);
    List<String> warnings = output.lines().filter(line -> line.contains("WARN")).toList();
    assertEquals(1, warnings.size(), output);
    assertTrue(warnings.get(0).contains("Computing on the CPU: "), output);
    assertTrue(output.lines().noneMatch(line -> line.startsWith("\tat ")), output);
    assertTrue(output.lines().noneMatch(line -> line.contains("Error")), output);
  }

  @Test
  void saysNothingWhereTheCpuWasAskedFor() throws IOException, InterruptedException {
    assertTrue(train("cpu", 0).startsWith("Training on"));
  }

  @Test
  void refusesWhereAGpuWasAskedFor() throws IOException, InterruptedException {
    List<String> lines = train("cuda", 2).lines().toList();
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.get(0).contains("no GPU can be used: "), lines.get(0));
  }

  private static String train(String device, int exitCode)
      throws IOException, InterruptedException {
    String words =
        "train --input mnist:test --epochs 1 --workers 2 --model %s -- --master local[2]"
            + " --conf spark.latentlake.device=%s";
    try (var submitted =
        new Submitted(
            folder, List.of(words.formatted(folder.resolve(device), device).split(" ")))) {
      assertEquals(exitCode, submitted.waitFor(Duration.ofMinutes(2)), submitted.output());
      return submitted.output();
    }
  }
}
