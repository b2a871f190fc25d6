package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.SegmentThresholds.Segment;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments whose text looks like a number: {@code 007} isn't 7. */
class TextSegmentsTest {
  @TempDir static Path folder;

  private static SmallModel small;

  @BeforeAll
  static void train() throws IOException {
    small = SmallModel.train(folder);
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  /** The model's table with a column {@code zip}. */
  private static Dataset<Row> table(String zip) {
    SparkSession spark = SharedSpark.session();
    return spark.read().parquet(small.table()).selectExpr("*", zip + " as zip");
  }

  /** The segments of a model whose thresholds are chosen by such scores. */
  private static List<String> segments(String scores, String format, String model) {
    small.run(
        "threshold --model %s --scores %s --format %s --budget 3 --segment-by zip --output %s"
            .formatted(small.model(), scores, format, model));
    return ModelFolder.read(model, new Configuration())
        .requireCalibration()
        .segments()
        .orElseThrow()
        .segments()
        .stream()
        .map(Segment::value)
        .toList();
  }

  private static void score(String model, String input, String output, String more) {
    small.run(
        "score --keep id,zip --model %s --input %s --output %s --metrics %s.json %s"
            .formatted(model, input, output, output, more));
  }

  private static int unknown(String output) throws IOException {
    JsonNode figures = Json.METRICS.readTree(Files.readString(Path.of(output + ".json")));
    return figures.get("rows_of_unknown_segments").asInt();
  }

  @Test
  void textIsKeptAsItIs() throws IOException {
    Dataset<Row> zips = table("if(id < 100, '007', '100')");
    String input = SmallTables.parquet(zips, folder.resolve("zips"));
    score(small.model(), input, path("by-zip"), "--partition-by zip");
    score(small.model(), input, path("csv"), "--output-format csv");
    String model = path("by-folders");
    assertEquals(List.of("007", "100"), segments(path("by-zip"), "parquet", model));
    assertEquals(List.of("007", "100"), segments(path("csv"), "csv", path("by-csv")));

    score(model, input, path("of-text"), "");
    assertEquals(0, unknown(path("of-text")));
    zips.write().option("header", true).csv(path("zips-csv"));
    score(model, path("zips-csv"), path("of-csv"), "--format csv");
    assertEquals(0, unknown(path("of-csv")));
    zips.write().partitionBy("zip").parquet(path("zips-folders"));
    score(model, path("zips-folders"), path("of-folders"), "");
    assertEquals(0, unknown(path("of-folders")));
    for (String output : List.of("of-text", "of-csv", "of-folders")) {
      assertEquals(
          6, SharedSpark.session().read().parquet(path(output)).where("is_anomaly").count());
    }
  }

  @Test
  void numbersAreFound() throws IOException {
    Dataset<Row> zips = table("if(id < 100, 7, 100)");
    String input = SmallTables.parquet(zips, folder.resolve("numbered"));
    score(small.model(), input, path("numbered-scores"), "--partition-by zip");
    String model = path("by-number");
    assertEquals(List.of("100", "7"), segments(path("numbered-scores"), "parquet", model));
    score(model, input, path("of-numbers"), "");
    assertEquals(0, unknown(path("of-numbers")));
  }

  @Test
  void whatATableDoesNotTellApartIsRefused() {
    Dataset<Row> zips = table("if(id < 100, '007', '7')");
    String input = SmallTables.parquet(zips, folder.resolve("alike"));
    score(small.model(), input, path("alike-scores"), "--partition-by zip");
    String model = path("by-alike");
    assertEquals(List.of("007", "7"), segments(path("alike-scores"), "parquet", model));
    zips.write().option("header", true).csv(path("alike-csv"));
    small
        .refused(
            "score --keep id,zip --model %s --input %s --format csv --output %s"
                .formatted(model, path("alike-csv"), path("refused")))
        .names("'zip' is int", "'7' is the same as another");
  }
}
