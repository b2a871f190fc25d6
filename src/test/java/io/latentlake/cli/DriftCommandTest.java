package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.SharedSpark;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a scheduler is told of rows that have moved. */
class DriftCommandTest {
  @TempDir static Path folder;

  private static SmallModel small;
  private static String moved;

  @BeforeAll
  static void trainAndMove() throws IOException {
    small = SmallModel.train(folder);
    moved = path("moved");
    SharedSpark.session()
        .read()
        .parquet(small.table())
        .selectExpr("id", "left + 5 as left", "right - 5 as right")
        .write()
        .parquet(moved);
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static String scored(String model, String table, String name) {
    small.run("score --model %s --input %s --output %s".formatted(model, table, path(name)));
    return path(name);
  }

  private static CommandRun drift(String model, String scores, String metrics) {
    return CommandRun.of("drift", "--model", model, "--scores", scores, "--metrics", path(metrics));
  }

  private static JsonNode json(String name) throws IOException {
    return Json.METRICS.readTree(Files.readString(folder.resolve(name)));
  }

  @Test
  void theTrainingTablePasses() throws IOException {
    String scores = scored(small.model(), small.table(), "same-scores");
    CommandRun run = drift(small.model(), scores, "same.json").orFail();
    assertTrue(run.out().contains("No drift"), run.out());
    JsonNode figures = json("same.json");
    assertEquals(SmallModel.ROWS, figures.get("rows").asInt());
    assertEquals(0, figures.get("score").asDouble(), 1e-6);
    assertEquals(0.05, figures.get("training_flagged").asDouble(), 1e-9);
    assertFalse(figures.get("drifted").asBoolean());
  }

  @Test
  void rowsThatMovedExitWithThree() throws IOException {
    String scores = scored(small.model(), moved, "moved-scores");
    CommandRun run = drift(small.model(), scores, "moved.json");
    assertEquals(3, run.exitCode(), run.err());
    assertTrue(run.out().contains("is past the limit of 0.25"), run.out());
    assertTrue(json("moved.json").get("drifted").asBoolean());
    assertTrue(json("moved.json").get("score").asDouble() > 0.25);
    small.run("drift --limit 1000 --model %s --scores %s".formatted(small.model(), scores));
  }

  @Test
  void theLatentsTellWhichDimensionMoved() throws IOException {
    String model = small.model();
    drift(model, scored(model, small.table(), "same-latents"), "same-latents.json").orFail();
    JsonNode same = json("same-latents.json").get("latents");
    assertEquals(2, same.size());
    same.forEach(dimension -> assertEquals(0, dimension.asDouble(), 1e-6));
    CommandRun run = drift(model, scored(model, moved, "moved-latents"), "moved-latents.json");
    assertEquals(3, run.exitCode(), run.err());
    assertTrue(run.out().contains("latent 1"), run.out());

    String csv = path("csv-latents");
    small.run(
        "score --keep id --model %s --input %s --output %s --output-format csv"
            .formatted(model, small.table(), csv));
    String out = small.run("drift --format csv --model %s --scores %s".formatted(model, csv)).out();
    assertTrue(out.contains("latent 1    0.0000"), out);
  }

  @Test
  void theInputTellsWhichFeatureMoved() throws IOException {
    String scores = scored(small.model(), small.table(), "input-scores");
    String same = "drift --model %s --scores %s --input ".formatted(small.model(), scores);
    CommandRun run = small.run(same + small.table() + " --metrics " + path("features.json"));
    assertFalse(run.out().contains("not compared"), run.out());
    JsonNode features = json("features.json").get("features");
    assertEquals(2, features.size());
    features.forEach(index -> assertEquals(0, index.asDouble(), 1e-9));

    // All rows are in the last of ten bins: Σ(q − p) log(q/p) by hand.
    String far = path("far");
    SharedSpark.session()
        .read()
        .parquet(small.table())
        .selectExpr("id", "left + 1000 as left", "right")
        .write()
        .parquet(far);
    CommandRun moved = CommandRun.of((same + far + " --metrics " + path("far.json")).split(" "));
    assertEquals(3, moved.exitCode(), moved.err());
    double index = 9 * (1e-4 - 0.1) * Math.log(1e-3) + 0.9 * Math.log(10);
    assertEquals(index, json("far.json").get("features").get("left").asDouble(), 1e-6);
    assertEquals(0, json("far.json").get("features").get("right").asDouble(), 1e-9);
    assertTrue(moved.out().contains("left        "), moved.out());
  }

  @Test
  void anotherModelsScoresAreRefused() {
    String other = path("other");
    small.run(small.training() + " --seed 99 --model " + other);
    String scores = scored(other, small.table(), "others-scores");
    String id =
        SharedSpark.session().read().parquet(scores).select("model_id").first().getString(0);
    for (String command :
        List.of("drift", "threshold --budget 3", "threshold --budget 3 --segment-by kind")) {
      small
          .refused("%s --model %s --scores %s".formatted(command, small.model(), scores))
          .names("--scores", id, "--model " + small.model());
    }
    // A model that was calibrated otherwise is the same model.
    small.run("drift --model %s --scores %s".formatted(other, scores));
  }

  @Test
  void withoutTheInputTheReportSaysSo() {
    String scores = scored(small.model(), small.table(), "no-input-scores");
    CommandRun run = small.run("drift --model %s --scores %s".formatted(small.model(), scores));
    assertTrue(run.out().contains("The features were not compared"), run.out());
  }

  @Test
  void whatCantBeComparedIsRefused() {
    String command = "drift --model " + small.model();
    small.refused(command).names("--scores");
    small.refused(command + " --scores " + moved).names("'raw_score'");
    small.refused(command + " --limit 0 --scores " + moved).names("--limit 0.0", "above 0");
  }
}
