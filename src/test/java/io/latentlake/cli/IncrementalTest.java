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
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is new in a table is scored once, whatever happens in between. */
class IncrementalTest {
  private static final String BAD = "id % 10 = 3";

  @TempDir static Path shared;

  private static SmallModel small;
  private static SparkSession spark;
  private static Dataset<Row> table;
  private static List<Row> expected;

  @TempDir Path folder;
  private Arriving arriving;

  @BeforeAll
  static void train() throws IOException {
    spark = SharedSpark.session();
    dropTables();
    small = SmallModel.train(shared);
    table =
        spark
            .read()
            .parquet(small.table())
            .selectExpr("id", "kind", "if(%s, null, left) AS left".formatted(BAD), "right")
            .cache();
    String scores = shared.resolve("expected").toString();
    small.run(
        "score --keep id --model %s --input %s --output %s"
            .formatted(small.model(), small.table(), scores));
    expected = rows(spark.read().parquet(scores).where("NOT " + BAD));
    spark.sql("CREATE DATABASE IF NOT EXISTS incremental_tests");
  }

  @AfterAll
  static void dropTables() throws IOException {
    spark.sql("DROP DATABASE IF EXISTS incremental_tests CASCADE");
    FileUtils.deleteDirectory(Path.of("target", "iceberg", "incremental_tests").toFile());
  }

  @BeforeEach
  void newInput() {
    arriving = new Arriving(folder.resolve("input").toString(), "parquet");
  }

  /** A table that rows arrive in. */
  private record Arriving(String path, String format) {
    void rows(int from, int to) {
      table
          .where("id >= %d AND id < %d".formatted(from, to))
          .coalesce(1)
          .write()
          .format(format)
          .option("header", true)
          .mode("append")
          .save(path);
    }
  }

  private static List<Row> rows(Dataset<Row> scores) {
    return scores
        .selectExpr("id", "elbo", "anomaly_score", "is_anomaly", "latent")
        .orderBy("id")
        .collectAsList();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private String words() {
    return "score --incremental --checkpoint %s --keep id --model %s --input %s --output %s"
        .formatted(path("checkpoint"), small.model(), arriving.path, path("scores"));
  }

  private Dataset<Row> scores() {
    return spark.read().parquet(path("scores"));
  }

  private Dataset<Row> rejected() {
    return spark.read().parquet(path("scores") + "/batch_id=*/_rejected");
  }

  private void assertEveryRowOnce() {
    assertEquals(expected, rows(scores()));
    assertEquals(rejectedIds(), ids(rejected()));
  }

  private static List<Long> rejectedIds() {
    return ids(table.where(BAD));
  }

  private static List<Long> ids(Dataset<Row> rows) {
    return rows.select("id").orderBy("id").collectAsList().stream().map(r -> r.getLong(0)).toList();
  }

  @Test
  void onlyWhatIsNew() {
    arriving.rows(0, 50);
    String first = small.run(words()).out();
    assertTrue(first.contains("Batches: 1\n"), first);
    assertTrue(first.contains("Scored 45 rows"), first);
    assertTrue(first.contains("Not scored: 5 rows, NULL_VALUE"), first);
    arriving.rows(50, 120);
    arriving.rows(120, 200);
    String second = small.run(words(), "--max-files-per-batch", "1").out();
    assertTrue(second.contains("Batches: 2\n"), second);
    assertTrue(second.contains("Scored 135 rows"), second);
    String third = small.run(words(), "--metrics", path("metrics.json")).out();
    assertTrue(third.startsWith("Nothing new in " + arriving.path), third);
    assertTrue(third.contains("Scored 0 rows"), third);
    assertEveryRowOnce();
    assertEquals(3, scores().select("batch_id").distinct().count());
  }

  @Test
  void columnsOfCsvAndPartitions() {
    arriving = new Arriving(path("csv"), "csv");
    arriving.rows(0, 100);
    String words =
        words().replace("--keep id", "--keep id,kind") + " --format csv --partition-by kind";
    small.run(words);
    arriving.rows(100, 200);
    small.run(words);
    assertEquals(180, scores().where("kind IS NOT NULL").select("id").distinct().count());
    assertEquals(180, scores().count());
  }

  @Test
  void filesWithoutAnythingToScore() {
    arriving.rows(0, 200);
    small.run(words());
    arriving.rows(0, 0);
    table.where(BAD).coalesce(1).write().mode("append").parquet(arriving.path);
    String out = small.run(words(), "--max-files-per-batch", "1").out();
    assertTrue(out.contains("Batches: 2\n"), out);
    assertTrue(out.contains("Scored 0 rows"), out);
    assertEquals(expected, rows(scores()));
    assertEquals(2 * rejectedIds().size(), rejected().count());
  }

  @ParameterizedTest
  @CsvSource({
    "parquet, path",
    "orc, path",
    "delta, path",
    "delta, name",
    "iceberg, name",
    "iceberg, path"
  })
  void diedBeforeTheCheckpointKnew(String format, String how) throws IOException {
    arriving.rows(0, 100);
    boolean delta = format.equals("delta");
    String output =
        how.equals("path")
            ? path("scores")
            : (delta ? "" : "lake.") + "incremental_tests.scores_" + format;
    String words = words().replace(path("scores"), output) + " --output-format " + format;
    small.run(words);
    forgetBatch(0);
    if (how.equals("name")) { // or between a lake's two tables
      spark.sql("DROP TABLE %s_rejected".formatted(output));
    }
    String again = small.run(words).out();
    assertTrue(again.contains("Scored 90 rows"), again);
    assertTrue(again.contains("Not scored: 10 rows"), again);
    arriving.rows(100, 200);
    small.run(words);
    Path killed = folder.resolve("scores/.batch_id=1.incomplete-of-a-killed-run");
    boolean lake = delta || format.equals("iceberg");
    if (!lake) {
      Files.createDirectory(killed);
    }
    forgetBatch(1);
    small.run(words);
    assertFalse(Files.exists(killed));
    assertEquals(expected, rows(written(format, output, "")));
    assertEquals(rejectedIds(), ids(lake ? written(format, output, "_rejected") : rejected()));
  }

  /** As if the run had died between writing a batch and noting that. */
  private void forgetBatch(int batch) throws IOException {
    Path commits = folder.resolve("checkpoint").resolve("commits");
    Files.delete(commits.resolve(Integer.toString(batch)));
    Files.deleteIfExists(commits.resolve("." + batch + ".crc"));
  }

  private static Dataset<Row> written(String format, String output, String more) {
    return output.contains("/")
        ? spark.read().format(format).load(output + more)
        : spark.table(output + more);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delta", "iceberg"})
  void newVersionsOfALakeTable(String format) throws IOException {
    String name = (format.equals("delta") ? "" : "lake.") + "incremental_tests.orders_" + format;
    table.where("id < 90").write().format(format).saveAsTable(name);
    String words =
        words().replace(arriving.path, name)
            + " --format %s --metrics %s".formatted(format, path("metrics.json"));
    small.run(words);
    assertEquals(newest(name, format), scoredVersion(name, format));
    table.where("id >= 90").write().format(format).mode("append").saveAsTable(name);
    small.run(words);
    assertEquals(newest(name, format), scoredVersion(name, format));
    assertTrue(small.run(words).out().startsWith("Nothing new in " + name));
    assertEquals(newest(name, format), scoredVersion(name, format));
    assertEveryRowOnce();
  }

  private static String newest(String name, String format) {
    Dataset<Row> versions =
        format.equals("delta")
            ? spark.sql("DESCRIBE HISTORY " + name).select("version")
            : spark.table(name + ".refs").where("name = 'main'").select("snapshot_id");
    return versions.first().get(0).toString();
  }

  /** What the run's figures say was scored. */
  private String scoredVersion(String name, String format) throws IOException {
    JsonNode input =
        Json.METRICS.readTree(Files.readString(folder.resolve("metrics.json"))).get("input");
    assertEquals(name, input.get("name").asText());
    assertEquals(format, input.get("format").asText());
    return input.get("version").asText();
  }

  @Test
  void anotherModelInputOrOutput() {
    arriving.rows(0, 200);
    small.run(words());
    String other = path("other-model");
    small.run(small.training() + " --model " + other, "--seed", "99");
    refused(words().replace(small.model(), other)).names("--checkpoint", "another model");
    refused(words() + " --precision bfloat16").names("--checkpoint", "another model");
    refused(words().replace(arriving.path, small.table())).names("another input", small.table());
    refused(words().replace(path("scores"), path("elsewhere"))).names("another output");
    refused(words().replace(path("checkpoint"), path("anew")))
        .names("--output", path("scores"), "another checkpoint");
    assertEveryRowOnce();
  }

  @Test
  void outputInAnotherFormat() {
    arriving.rows(0, 100);
    small.run(words());
    arriving.rows(100, 200);
    refused(words() + " --output-format json").names("--checkpoint", "another output", "as json");
    small.run(words());
    assertEveryRowOnce();
  }

  @Test
  void whatIsWrittenIntoTheTableItself() {
    arriving.rows(0, 100);
    String within = arriving.path + "/within";
    refused(words().replace(path("scores"), within)).names("--output " + within, "lies in");
    refused(words().replace(path("checkpoint"), within)).names("--checkpoint " + within, "lies in");
  }

  private Refusal refused(String words) {
    return Refusal.of(folder, List.of(words.split(" ")));
  }

  @Test
  void outputThatIsGoneOrForeign() throws IOException {
    arriving.rows(0, 200);
    Files.createDirectories(folder.resolve("scores/precious"));
    refused(words()).names(path("scores"), "exists already");
    FileUtils.deleteDirectory(folder.resolve("scores").toFile());
    small.run(words());
    FileUtils.deleteDirectory(folder.resolve("scores").toFile());
    refused(words()).names(path("scores"), "aren't there");
  }

  @Test
  void optionsThatDoNotGoWithIt() {
    arriving.rows(0, 200);
    refused(words() + " --overwrite").names("--overwrite", "--incremental");
    refused(words() + " --max-files-per-batch 0").names("--max-files-per-batch 0", "at least 1");
    refused(words() + " --version-as-of 3").names("--version-as-of 3");
    refused(words().replace("--incremental ", "")).names("--incremental");
    refused(words().replace("--checkpoint " + path("checkpoint") + " ", "")).names("--checkpoint");
    refused(words().replace(arriving.path, "mnist:test")).names("mnist:test", "don't grow");
    refused(words().replace("--keep id", "--keep nothing")).names("nothing");
  }

  @Test
  void badRowsThatAreNotAllowed() {
    arriving.rows(0, 200);
    CommandRun failed = CommandRun.of(List.of((words() + " --on-bad-row fail").split(" ")));
    assertEquals(2, failed.exitCode(), failed::err);
    assertTrue(failed.err().contains("NULL_VALUE"), failed::err);
    assertEquals(1, failed.errLines().size(), failed::err);
    // What the checkpoint noted is done once the rows are allowed.
    small.run(words());
    assertEveryRowOnce();
  }
}
