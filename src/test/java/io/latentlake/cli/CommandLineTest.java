package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.SharedSpark;
import io.latentlake.model.ModelFolder;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of numbers through train, score, evaluate and inspect, as a user would. */
class CommandLineTest {
  private static final List<String> SCORES =
      List.of(
          "reconstruction_error double",
          "squared_error double",
          "kl double",
          "elbo double",
          "raw_score double",
          "anomaly_score double",
          "is_anomaly boolean",
          "latent array<float>",
          "reasons array<struct<feature:string,share:double,seen:string,expected:string>>",
          "model_id string",
          "scored_at timestamp");

  @TempDir static Path folder;

  private static SmallModel small;
  private static String scores;

  @BeforeAll
  static void trainAndScore() throws IOException {
    String table = folder.resolve("numbers").toString();
    small = SmallModel.train(folder, "--validation", table, "--metrics", path("train.json"));
    scores = path("scores");
    small.run(scoring(scores), "--metrics", path("score.json"));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static String scoring(String output) {
    return "score --model %s --input %s --output %s"
        .formatted(small.model(), small.table(), output);
  }

  private static Dataset<Row> read(String output) {
    return SharedSpark.session().read().parquet(output);
  }

  private static List<String> columns(Dataset<Row> table) {
    var columns = new ArrayList<String>();
    for (var field : table.schema().fields()) {
      columns.add(field.name() + " " + field.dataType().simpleString());
    }
    return columns;
  }

  private static JsonNode json(String name) throws IOException {
    return Json.METRICS.readTree(Files.readString(folder.resolve(name)));
  }

  private static Set<String> keys(JsonNode node) {
    var keys = new TreeSet<String>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void modelFolderHoldsNumbersAndNoCode() throws IOException {
    try (var files = Files.list(Path.of(small.model()))) {
      var names = files.map(file -> file.getFileName().toString());
      assertEquals(
          Set.of(
              "model.json",
              "latents.f64",
              "model.json.sha256",
              "weights.f32",
              "calibration.kll",
              "history.json",
              "report.html"),
          new TreeSet<>(names.filter(name -> !name.endsWith(".crc")).toList()));
    }
  }

  @Test
  void calibrateGivesAModelAnotherScoreAndLeavesTheWeights() throws IOException {
    String squared = path("squared");
    small.run(
        "calibrate --model %s --input %s --kind squared --contamination 0.1 --output %s"
            .formatted(small.model(), small.table(), squared));
    small.run(
        "score --model %s --input %s --output %s"
            .formatted(squared, small.table(), path("squared-scores")));

    Dataset<Row> scored = read(path("squared-scores"));
    assertEquals(0, scored.where("raw_score != squared_error").count());
    assertEquals(0.1 * SmallModel.ROWS, scored.where("is_anomaly").count());
    assertEquals(
        Files.mismatch(Path.of(small.model(), "weights.f32"), Path.of(squared, "weights.f32")), -1);
    assertTrue(
        small.run("inspect --model " + squared).out().contains("score is its squared"), "inspect");
  }

  @Test
  void inspectTellsWhereTheModelComesFrom() {
    String inspected = small.run("inspect --model " + small.model()).out();
    for (String told :
        List.of(
            "DL4J 1.0.0-M2",
            "Java " + Runtime.version(),
            "left double, right double",
            "averaged at a measured frequency")) {
      assertTrue(inspected.contains(told), inspected);
    }
    assertTrue(inspected.contains(read(scores).first().getAs("model_id")), inspected);
    String text = small.run("inspect --configuration --model " + small.model()).out();
    assertEquals(
        ModelFolder.read(small.model(), new org.apache.hadoop.conf.Configuration()).configuration(),
        Configuration.parse(text, "inspect", Map.of()));
  }

  @Test
  void evaluateRunsBaselinesOnRequest() throws IOException {
    String evaluation = "evaluate --label kind --positive odd --scores " + scores;
    CommandRun run =
        small.run(
            "%s --baselines --model %s --input %s --metrics %s"
                .formatted(evaluation, small.model(), small.table(), path("baseline.json")));
    assertTrue(run.out().contains("Baseline of 2 principal components, 200 rows"), run.out());
    assertTrue(run.out().contains("Baseline of an isolation forest of 100 trees"), run.out());
    for (String baseline : List.of("principal_components", "isolation_forest")) {
      assertEquals(10, json("baseline.json").get(baseline).get("positives").asInt());
    }
    small.refused(evaluation + " --baselines").names("--model", "--input");
  }

  @Test
  void trainingMetrics() throws IOException {
    JsonNode metrics = json("train.json");
    assertEquals(
        Set.of("devices", "epochs", "rejected_rows", "rows", "rows_per_second", "time"),
        keys(metrics));
    assertEquals(SmallModel.ROWS, metrics.get("rows").asInt());
    assertEquals(0, metrics.get("rejected_rows").asInt());
    assertTrue(metrics.get("rows_per_second").asDouble() > 0);
    assertEquals(2, metrics.get("epochs").size());
    for (int i = 0; i < 2; i++) {
      JsonNode epoch = metrics.get("epochs").get(i);
      assertEquals(
          Set.of("epoch", "rounds", "seconds", "time", "train", "validation"), keys(epoch));
      assertEquals(i + 1, epoch.get("epoch").asInt());
      assertTrue(epoch.get("seconds").asDouble() > 0);
      for (JsonNode terms : List.of(epoch.get("train"), epoch.get("validation"))) {
        assertEquals(Set.of("loss", "reconstruction", "kl"), keys(terms));
        assertEquals(
            terms.get("loss").asDouble(),
            terms.get("reconstruction").asDouble() + terms.get("kl").asDouble(),
            1e-9);
      }
    }
  }

  @Test
  void historyHasNoValidationWithoutOne() throws IOException {
    small.run(small.training() + " --model " + path("other"), "--metrics", path("other.json"));
    assertEquals(
        Set.of("epoch", "rounds", "seconds", "time", "train"),
        keys(json("other.json").get("epochs").get(0)));
  }

  @Test
  void scoringMetrics() throws IOException {
    JsonNode metrics = json("score.json");
    assertEquals(
        Set.of(
            "input", "rows", "rejected_rows", "rejected_by_reason", "seconds", "rows_per_second"),
        keys(metrics));
    assertEquals(Set.of("name", "format"), keys(metrics.get("input")));
    assertEquals("parquet", metrics.get("input").get("format").asText());
    assertEquals(SmallModel.ROWS, metrics.get("rows").asInt());
    assertEquals(0, metrics.get("rejected_rows").asInt());
    assertEquals(
        metrics.get("rows").asInt() / metrics.get("seconds").asDouble(),
        metrics.get("rows_per_second").asDouble(),
        1e-6);
  }

  @Test
  void outputHasTheDocumentedColumns() {
    var expected = new ArrayList<>(List.of("id bigint", "kind string"));
    expected.addAll(SCORES);
    assertEquals(expected, columns(read(scores)));
    assertEquals(SmallModel.ROWS, read(scores).count());
    assertFalse(Files.exists(Path.of(scores, "_rejected")), "no row was rejected");
  }

  @Test
  void keptColumnsAreTheNamedOnes() {
    small.run(scoring(path("keep-left")), "--keep", "left,id");
    assertEquals(
        List.of("left double", "id bigint"), columns(read(path("keep-left"))).subList(0, 2));
    small.run(scoring(path("keep-none")), "--keep", "");
    assertEquals(SCORES, columns(read(path("keep-none"))));
  }

  @Test
  void elboIsTheNegativeSumOfItsParts() {
    assertEquals(0, read(scores).where("elbo != -(reconstruction_error + kl)").count());
    assertEquals(0, read(scores).where("kl < 0 or squared_error < 0").count());
    assertEquals(0, read(scores).where("size(latent) != 2").count());
  }

  @Test
  void overwriteReplacesTheOutput() {
    String output = path("replaced");
    small.run(scoring(output), "--keep", "id");
    small.run(scoring(output), "--keep", "kind", "--overwrite");
    assertEquals("kind string", columns(read(output)).get(0));
    assertEquals(SmallModel.ROWS, read(output).count());
  }

  @Test
  void evaluation() throws IOException {
    CommandRun run =
        small.run(
            "evaluate --label kind --positive odd --scores " + scores,
            "--metrics",
            path("evaluation.json"));
    JsonNode metrics = json("evaluation.json");
    assertEquals(
        Set.of("rows", "positives", "auroc", "auprc", "precision", "recall"), keys(metrics));
    assertEquals(SmallModel.ROWS, metrics.get("rows").asInt());
    assertEquals(10, metrics.get("positives").asInt());
    // The odd rows lie 30 standard deviations away.
    assertEquals(1, metrics.get("auroc").asDouble(), 0.01);
    assertTrue(run.out().contains("AUROC"), run.out());
  }

  @Test
  void inspection() {
    String out = small.run("inspect --model " + small.model()).out();
    for (String fact :
        List.of("'vae'", "2 features", "2 latent", "gaussian", "left", "200 rows", "2 epochs")) {
      assertTrue(out.contains(fact), fact + " in: " + out);
    }
  }
}
