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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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

  /** The table has grown since it was scored: the rows that were are at its first version. */
  @Test
  void whatIsComparedIsTheVersionThatWasScored() throws IOException {
    String metrics = path("version.json");
    String scores = scored(small.model(), small.table(), "version-scores");
    String input = path("grown");
    Dataset<Row> numbers = SharedSpark.session().read().parquet(small.table());
    numbers.write().format("delta").save(input);
    numbers
        .selectExpr("id", "kind", "left + 100 as left", "right")
        .write()
        .format("delta")
        .mode("append")
        .save(input);
    String drift =
        "drift --model %s --scores %s --input-format delta --metrics %s"
            .formatted(small.model(), scores, metrics);
    assertEquals(3, CommandRun.of((drift + " --input " + input).split(" ")).exitCode());
    small.run(drift, "--input", input, "--version-as-of", "0");
    small.refused(drift, "--version-as-of", "0").names("--version-as-of 0", "--input");
    String report = path("report.html");
    String words =
        "report --model %s --scores %s --input-format delta --out %s"
            .formatted(small.model(), scores, report);
    small.run(words, "--input", input, "--version-as-of", "0");
    assertTrue(Files.readString(Path.of(report)).length() > 0);
    small.refused(words, "--version-as-of", "0").names("--version-as-of 0", "--input");
    String labelled = path("labelled-scores");
    small.run(
        "score --keep id,kind --model %s --input %s --output %s"
            .formatted(small.model(), small.table(), labelled));
    String evaluate =
        "evaluate --scores %s --label kind --positive odd --baselines --model %s --input %s --input-format delta"
            .formatted(labelled, small.model(), input);
    assertTrue(small.run(evaluate).out().contains("components, 400 rows"));
    assertTrue(small.run(evaluate, "--version-as-of", "0").out().contains("components, 200 rows"));
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
