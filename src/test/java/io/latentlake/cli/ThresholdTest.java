package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.ml.LatentLakeModel;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.SegmentThresholds;
import io.latentlake.model.SegmentThresholds.Segment;
import io.latentlake.score.RowScorer;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another threshold for a scored table and its model, as a user would. */
class ThresholdTest {
  @TempDir static Path folder;

  private static SmallModel small;
  private static String scores;

  @BeforeAll
  static void trainAndScore() throws IOException {
    small = SmallModel.train(folder);
    scores = path("scores");
    score(small.model(), scores);
  }

  private static void score(String model, String output) {
    small.run("score --model %s --input %s --output %s".formatted(model, small.table(), output));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static CommandRun threshold(String options) {
    return small.run("threshold --model " + small.model() + " " + options);
  }

  private static JsonNode json(String name) throws IOException {
    return Json.METRICS.readTree(Files.readString(folder.resolve(name)));
  }

  private static Dataset<Row> flagged(String folder) {
    return SharedSpark.session().read().parquet(folder).where("is_anomaly");
  }

  @Test
  void aModelFlagsByItsBudget() throws IOException {
    String model = path("of-budget");
    CommandRun run =
        threshold(
            "--scores %s --budget 7 --output %s --metrics %s"
                .formatted(scores, model, path("budget.json")));
    assertTrue(run.out().contains("7 of 200 scored rows are past it"), run.out());

    score(model, path("budget-scores"));
    assertEquals(7, flagged(path("budget-scores")).count());
    JsonNode figures = json("budget.json");
    assertEquals("budget", figures.get("rule").asText());
    assertEquals(7, figures.get("wanted").asInt());
    assertEquals(200, figures.get("rows").asInt());
    assertEquals(7, figures.get("flagged").asInt());
    String described = small.run("inspect --model " + model).out();
    assertTrue(described.contains("chosen by a budget of 7.0"), described);
  }

  @Test
  void aFalsePositiveRateNeedsNoScores() {
    String model = path("of-rate");
    threshold("--false-positive-rate 0.2 --output " + model);
    score(model, path("rate-scores"));
    assertEquals(40, flagged(path("rate-scores")).count());
  }

  @Test
  void anotherContaminationIsTheModelsOwnThen() {
    String rate = path("before-contamination");
    threshold("--false-positive-rate 0.2 --output " + rate);
    String model = path("of-contamination");
    small.run("threshold --model %s --contamination 0.1 --output %s".formatted(rate, model));
    String described = small.run("inspect --model " + model).out();
    assertTrue(described.contains("as 10.0 % of the training rows are"), described);
    score(model, path("contamination-scores"));
    assertEquals(20, flagged(path("contamination-scores")).count());
  }

  @Test
  void calibratingAgainForgetsTheChoice() {
    String rate = path("before-calibration");
    threshold("--false-positive-rate 0.2 --output " + rate);
    String model = path("calibrated");
    small.run("calibrate --model %s --input %s --output %s".formatted(rate, small.table(), model));
    String described = small.run("inspect --model " + model).out();
    assertTrue(described.contains("as 5.0 % of the training rows are"), described);
  }

  @Test
  void aTailProbabilityGoesPastEveryTrainingRow() throws IOException {
    threshold("--tail-probability 0.0001 --metrics " + path("tail.json"));
    double largest =
        SharedSpark.session()
            .read()
            .parquet(scores)
            .selectExpr("max(raw_score)")
            .first()
            .getDouble(0);
    assertTrue(json("tail.json").get("threshold").asDouble() > largest);
  }

  /** The nightly run flags each row by its segment's threshold, and so does every other way. */
  @Test
  void aModelFlagsByTheThresholdsOfSegments() throws IOException {
    String model = path("segmented");
    small.run(
        "threshold --model %s --scores %s --budget 3 --segment-by kind --output %s"
            .formatted(small.model(), scores, model));
    SegmentThresholds by =
        ModelFolder.read(model, new Configuration()).requireCalibration().segments().orElseThrow();
    assertEquals(List.of("odd", "usual"), by.segments().stream().map(Segment::value).toList());

    Dataset<Row> table =
        SharedSpark.session()
            .read()
            .parquet(small.table())
            .withColumn("kind", functions.expr("if(id < 5, 'new', kind)"));
    String input = SmallTables.parquet(table, folder.resolve("of-segments"));
    String output = path("of-segments-scores");
    CommandRun run =
        small.run(
            "score --model %s --input %s --keep id --output %s --metrics %s"
                .formatted(model, input, output, path("of-segments.json")));
    assertTrue(run.out().contains("without a threshold of their own"), run.out());
    assertEquals(5, json("of-segments.json").get("rows_of_unknown_segments").asLong());
    Dataset<Row> flagged = SharedSpark.session().read().parquet(output);
    assertEquals(3, flagged.where("kind = 'odd' and is_anomaly").count());
    var past = functions.col("raw_score").gt((double) by.of("odd").orElseThrow());
    assertEquals(
        0, flagged.where("kind = 'odd'").where(past.notEqual(functions.col("is_anomaly"))).count());
    // The same rows in a Spark ML stage, and one by one.
    List<Row> expected = flagged.select("id", "is_anomaly").orderBy("id").collectAsList();
    LatentLakeModel stage = LatentLakeModel.fromFolder(SharedSpark.session(), model);
    Dataset<Row> transformed = stage.transform(table);
    assertEquals(expected, transformed.select("id", "is_anomaly").orderBy("id").collectAsList());
    assertThrows(
        InvalidInputException.class, () -> stage.transformSchema(table.drop("kind").schema()));
    try (RowScorer scorer = RowScorer.open(model)) {
      List<Row> rows = table.orderBy("id").collectAsList();
      for (int i = 0; i < rows.size(); i++) {
        Row row = rows.get(i);
        var values =
            Map.of("left", row.getDouble(2), "right", row.getDouble(3), "kind", row.getString(1));
        assertEquals(
            expected.get(i).getBoolean(1), scorer.score(values).isAnomaly(), row::toString);
      }
      var without =
          assertThrows(
              InvalidInputException.class, () -> scorer.score(Map.of("left", 0.5, "right", 0.5)));
      assertTrue(without.getMessage().contains("no value of 'kind'"), without::getMessage);
    }
    String inspected = small.run("inspect --model " + model).out();
    assertTrue(inspected.contains("Rows have the threshold of their kind"), inspected);
    small.run("report --model " + model);
    for (Path report : List.of(Path.of(model, "report.html"), Path.of(output, "_report.html"))) {
      String html = Files.readString(report);
      assertTrue(html.contains("Rows have the threshold of their kind"), report::toString);
      assertTrue(html.contains(">odd</td>"), report::toString);
      assertTrue(html.contains("chosen by a budget of 3.0"), report::toString);
    }
  }

  @Test
  void theModelThatIsReadStays() {
    for (String place : List.of(small.model(), small.folder().toString())) {
      small
          .refused(
              "threshold --contamination 0.1 --overwrite --model %s --output %s"
                  .formatted(small.model(), place))
          .names(place + ": can't be replaced", small.model());
      small
          .refused(
              "calibrate --overwrite --input mnist:test --model %s --output %s"
                  .formatted(small.model(), place))
          .names(place + ": can't be replaced", small.model());
    }
  }

  @Test
  void noModelIsLeftWhereItsFiguresHaveNoPlace() {
    String place = small.configuration() + "/figures.json";
    small
        .refused(
            "threshold --contamination 0.1 --model %s --output %s --metrics %s"
                .formatted(small.model(), path("without-figures"), place))
        .names(place, "can't be written");
  }

  /** Where digits are others than 0 to 9, what is parsed has them all the same. */
  @Test
  void numbersAreTheSameEverywhere() {
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("th-TH-u-nu-thai"));
    try {
      CommandRun run = threshold("--scores %s --budget 3 --segment-by kind".formatted(scores));
      assertTrue(run.out().matches("(?s).*odd +10 .* 3\\n.*"), run.out());
    } finally {
      Locale.setDefault(usual);
    }
  }

  @Test
  void segmentsAreListedAndInTheMetrics() throws IOException {
    CommandRun run =
        threshold(
            "--scores %s --budget 3 --segment-by kind --metrics %s"
                .formatted(scores, path("segments.json")));
    assertEquals(3, run.out().lines().count(), run.out());
    JsonNode segments = json("segments.json").get("segments");
    assertEquals("odd", segments.get(0).get("segment").asText());
    assertEquals(10, segments.get(0).get("rows").asInt());
    assertEquals(3, segments.get(1).get("flagged").asInt());
  }

  @Test
  void whatCantBeChosenIsRefused() {
    String command = "threshold --model " + small.model();
    small.refused(command).names("--budget", "threshold --help");
    small.refused(command + " --budget 3 --contamination 0.1").names("--budget");
    small.refused(command + " --budget 3").names("--scores");
    small.refused(command + " --budget 0 --scores " + scores).names("--budget 0", "above 0");
    small.refused(command + " --contamination 0.6").names("--contamination 0.6", "0.5");
    small
        .refused(command + " --false-positive-rate 0.0001")
        .names("200 rows", "--tail-probability");
    small
        .refused(command + " --budget 3 --segment-by colour --scores " + scores)
        .names("'colour'", "--keep");
    small
        .refused(
            "%s --budget 3 --segment-by elbo --scores %s --output %s"
                .formatted(command, scores, folder.resolve("by-elbo")))
        .names("'elbo' is double", "whole numbers");
    small
        .refused(command + " --contamination 0.1 --output " + small.model())
        .names("exists already", "--overwrite");
  }
}
