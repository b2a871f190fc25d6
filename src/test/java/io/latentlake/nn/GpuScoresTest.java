package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.latentlake.SharedSpark;
import io.latentlake.Submitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model scores the same on the CPU and on a GPU, wherever it was trained. */
@Tag("slow")
class GpuScoresTest {
  private static final double RELATIVE_TOLERANCE = 1e-4;
  private static final int SCORED = 10_000;

  @TempDir static Path folder;

  @BeforeAll
  static void requireGpu() {
    Cuda cuda = Cuda.here(DeviceChoice.AUTO);
    assumeTrue(cuda.usable(), "no GPU can be used: " + cuda.obstacle());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cuda"})
  void sameScoresOnBothDevices(String trainedOn) throws IOException, InterruptedException {
    Path model = folder.resolve("model-" + trainedOn);
    run("train --input mnist:test --epochs 1 --workers 2 --model " + model, trainedOn);
    String history = Files.readString(model.resolve("history.json"));
    assertTrue(history.contains("\"device\" : \"" + trainedOn), history);

    List<Row> cpu = score(model, "cpu");
    List<Row> gpu = score(model, "cuda");
    assertEquals(SCORED, cpu.size());
    assertEquals(SCORED, gpu.size());
    for (int row = 0; row < SCORED; row++) {
      for (int column = 0; column < cpu.get(row).size(); column++) {
        double expected = cpu.get(row).getDouble(column);
        double tolerance = RELATIVE_TOLERANCE * Math.max(1, Math.abs(expected));
        assertEquals(expected, gpu.get(row).getDouble(column), tolerance, "row " + row);
      }
    }
  }

  private static List<Row> score(Path model, String device)
      throws IOException, InterruptedException {
    Path scores = folder.resolve(model.getFileName() + "-scored-on-" + device);
    String words = "score --input fashion-mnist:test --keep index --model %s --output %s";
    run(words.formatted(model, scores), device);
    return SharedSpark.session()
        .read()
        .parquet(scores.toString())
        .orderBy("index")
        .selectExpr("reconstruction_error", "squared_error", "kl", "elbo")
        .collectAsList();
  }

  private static void run(String words, String device) throws IOException, InterruptedException {
    String spark = " -- --master local[2] --conf spark.latentlake.device=" + device;
    try (var submitted = new Submitted(folder, List.of((words + spark).split(" ")))) {
      assertEquals(0, submitted.waitFor(Duration.ofMinutes(4)), submitted.output());
    }
  }
}
