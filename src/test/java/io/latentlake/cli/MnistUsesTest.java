package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.SmallImages;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How well a model of three epochs denoises and imputes digits that it has never seen. */
@Tag("slow")
class MnistUsesTest {
  @TempDir static Path folder;

  @BeforeAll
  static void train() throws IOException {
    Files.writeString(path("noise.conf"), "train { epochs = 3, input-noise = 0.3 }");
    run("train --input mnist:train --config %s --model %s", path("noise.conf"), path("model"));
    SmallImages.table(1000).write().parquet(path("digits").toString());
  }

  private static Path path(String name) {
    return folder.resolve(name);
  }

  private static void run(String words, Object... arguments) {
    CommandRun.of(words.formatted(arguments).split(" ")).orFail();
  }

  private static JsonNode figures(String command) throws IOException {
    String name = command.split(" ")[0];
    run(
        "%s --features image --model %s --input %s --output %s --metrics %s",
        command, path("model"), path("digits"), path(name), path(name + ".json"));
    return Json.METRICS.readTree(path(name + ".json").toFile());
  }

  @Test
  void denoisedDigitsAreAtMostHalfAsFarFromTheCleanOnes() throws IOException {
    JsonNode figures = figures("denoise --noise 0.3");
    double noisy = figures.get("noisy").asDouble();
    double denoised = figures.get("denoised").asDouble();
    assertTrue(denoised <= noisy / 2, denoised + " of " + noisy);
  }

  @Test
  void imputedHalvesAreNearerThanTheColumnsMeans() throws IOException {
    JsonNode figures = figures("impute --mask bottom");
    double imputed = figures.get("imputed").asDouble();
    double mean = figures.get("column_mean").asDouble();
    assertTrue(imputed <= mean / 1.3, imputed + " of " + mean);
  }
}
