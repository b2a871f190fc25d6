package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.data.OpenedTable;
import io.latentlake.model.ModelFolder;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Delta's and Iceberg's tables, by path and by name, read at one version and written. */
class LakeTablesTest {
  private static final List<String> NAMES =
      List.of("lake_tests.delta_orders", "lake.lake_tests.orders");

  @TempDir static Path folder;

  private static SmallModel small;
  private static SparkSession spark;
  private static List<Row> expected;

  @BeforeAll
  static void tables() throws Exception {
    spark = SharedSpark.session();
    dropTables();
    small = SmallModel.train(folder);
    String scores = folder.resolve("expected").toString();
    small.run(
        "score --keep id --model %s --input %s --output %s"
            .formatted(small.model(), small.table(), scores));
    expected = rows(spark.read().parquet(scores));
    spark.sql("CREATE DATABASE IF NOT EXISTS lake_tests");
    Dataset<Row> numbers = spark.read().parquet(small.table());
    numbers.write().format("delta").saveAsTable("lake_tests.delta_orders");
    numbers.writeTo("lake.lake_tests.orders").using("iceberg").create();
    numbers.write().format("delta").save(deltaPath());
    // The second version has every row twice.
    numbers.write().format("delta").mode("append").saveAsTable("lake_tests.delta_orders");
    numbers.writeTo("lake.lake_tests.orders").append();
    numbers.write().format("delta").mode("append").save(deltaPath());
  }

  @AfterAll
  static void dropTables() throws IOException {
    spark.sql("DROP DATABASE IF EXISTS lake_tests CASCADE");
    FileUtils.deleteDirectory(warehouse().resolve("lake_tests").toFile());
  }

  private static String deltaPath() {
    return folder.resolve("delta").toString();
  }

  private static String icebergPath() {
    return warehouse().resolve("lake_tests").resolve("orders").toString();
  }

  private static Path warehouse() {
    return Path.of("target", "iceberg").toAbsolutePath();
  }

  private static List<Row> rows(Dataset<Row> scores) {
    return scores
        .selectExpr("id", "elbo", "anomaly_score", "is_anomaly", "latent")
        .orderBy("id")
        .collectAsList();
  }

  private static String specification(String which) {
    return switch (which) {
      case "delta-path" -> deltaPath();
      case "iceberg-path" -> icebergPath();
      case "delta-name" -> NAMES.get(0);
      default -> NAMES.get(1);
    };
  }

  /** The version before the last one. */
  private static String first(String which) {
    return which.startsWith("delta")
        ? "0"
        : spark
            .sql("SELECT snapshot_id FROM lake.lake_tests.orders.snapshots ORDER BY committed_at")
            .first()
            .get(0)
            .toString();
  }

  @ParameterizedTest
  @CsvSource({
    "delta-path, delta", "iceberg-path, iceberg",
    "delta-name, delta", "iceberg-name, iceberg",
    "delta-name, table", "iceberg-name, table"
  })
  void readAtAVersion(String which, String format) throws IOException {
    String input = specification(which);
    String scores = folder.resolve("of-first-" + which + "-" + format).toString();
    Path metrics = folder.resolve("metrics-of-first.json");
    small.run(
        "score --keep id --model %s --input %s --output %s --format %s --version-as-of %s"
            .formatted(small.model(), input, scores, format, first(which)),
        "--metrics",
        metrics.toString());
    assertEquals(expected, rows(spark.read().parquet(scores)));
    assertEquals(first(which), scoredVersion(metrics));
    String newest = folder.resolve("of-newest-" + which + "-" + format).toString();
    small.run(
        "score --keep id --model %s --input %s --output %s --format %s"
            .formatted(small.model(), input, newest, format));
    assertEquals(2 * expected.size(), spark.read().parquet(newest).count());
  }

  private static String scoredVersion(Path metrics) throws IOException {
    return Json.METRICS.readTree(Files.readString(metrics)).at("/input/version").asText();
  }

  @ParameterizedTest
  @CsvSource({"delta-path, delta", "iceberg-name, table"})
  void theModelRemembersTheVersion(String which, String format) {
    String pinned = folder.resolve("model-of-first-" + which).toString();
    train(pinned, which, format, "--version-as-of", first(which));
    assertEquals(specification(which) + " VERSION AS OF " + first(which), trainedOn(pinned));
    String newest = folder.resolve("model-of-newest-" + which).toString();
    train(newest, which, format);
    assertTrue(trainedOn(newest).matches(".* VERSION AS OF \\d+"), () -> trainedOn(newest));
  }

  private static void train(String model, String which, String format, String... more) {
    small.run(
        "train --input %s --format %s --features left,right --config %s --model %s"
            .formatted(specification(which), format, small.configuration(), model),
        more);
  }

  private static String trainedOn(String model) {
    return ModelFolder.read(model, new Configuration()).provenance().input();
  }

  @ParameterizedTest
  @CsvSource({"delta, path", "delta, name", "iceberg, name", "iceberg, path"})
  void writtenAndAppendedTo(String format, String how) {
    boolean byName = how.equals("name");
    boolean delta = format.equals("delta");
    String catalog = delta ? "lake_tests" : "lake.lake_tests";
    String output =
        byName ? catalog + ".scores_" + format : folder.resolve("scores-" + format).toString();
    String words =
        "score --keep id,kind --model %s --input %s --output %s --output-format %s --partition-by kind"
            .formatted(small.model(), tableWithGap(), output, format);
    small.run(words);
    assertEquals(expected.subList(1, expected.size()), rows(written(format, output)));
    Dataset<Row> rejected = written(format, output + "_rejected");
    assertEquals("[0,NULL_VALUE]", rejected.select("id", "rejection_reason").first().toString());
    // Again: the table grows; with --overwrite it has the rows of the last run alone.
    small.run(words);
    assertEquals(2 * (expected.size() - 1), written(format, output).count());
    assertEquals(2, written(format, output + "_rejected").count());
    small.run(words, "--overwrite");
    assertEquals(expected.subList(1, expected.size()), rows(written(format, output)));
    assertEquals(1, written(format, output + "_rejected").count());
    small.run(words.replace(tableWithGap(), small.table()), "--overwrite");
    assertEquals(expected, rows(written(format, output)));
    assertEquals(0, written(format, output + "_rejected").count());
  }

  /** The table, but for the first row's missing feature. */
  private static String tableWithGap() {
    Path path = folder.resolve("gap");
    spark
        .read()
        .parquet(small.table())
        .selectExpr("id", "kind", "if(id = 0, null, left) as left", "right")
        .write()
        .mode("overwrite")
        .parquet(path.toString());
    return path.toString();
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() {
    String words =
        "score --keep id,kind --model %s --input %s --output-format delta --output "
            .formatted(small.model(), tableWithGap());
    String output = folder.resolve("misfit").toString();
    Dataset<Row> other = spark.sql("select 1L id, 'a' kind, true elbo");
    other.write().format("delta").partitionBy("kind").save(output);
    small
        .refused(words + output + " --partition-by id")
        .names(output, "no column 'latent'", "'elbo' is boolean", "partitioned by [kind]");

    String fresh = folder.resolve("fresh").toString();
    other.write().format("delta").save(fresh + "_rejected");
    small.refused(words + fresh).names("fresh_rejected", "no column 'rejection_reason'");
    assertFalse(Files.exists(Path.of(fresh)));

    small.refused(words + "nowhere.scores").names("nowhere.scores", "no database nowhere");
    spark.sql(
        "CREATE TABLE lake.lake_tests.misfit (id BIGINT, kind STRING) USING iceberg PARTITIONED BY (kind)");
    small
        .refused(words.replace("delta", "iceberg") + "lake.lake_tests.misfit --partition-by id")
        .names("lake.lake_tests.misfit", "no column 'elbo'", "partitioned by [kind]");
  }

  @Test
  void whatAnIcebergTableIsPartitionedByIsNamed() {
    spark.sql(
        "CREATE TABLE lake.lake_tests.hidden (id BIGINT, kind STRING) USING iceberg PARTITIONED BY (kind, bucket(4, id))");
    small
        .refused(
            "score --keep id,kind --model %s --input %s --output-format iceberg --output lake.lake_tests.hidden --partition-by kind"
                .formatted(small.model(), small.table()))
        .names("lake.lake_tests.hidden", "bucket(4, id), kind]", "--partition-by ''");
  }

  @Test
  void aTableForRejectedRowsMattersWhenThereAreAny() {
    String output = folder.resolve("all-good").toString();
    spark.sql("select 1L id").write().format("delta").save(output + "_rejected");
    small.run(
        "score --keep id --model %s --input %s --output-format delta --output %s"
            .formatted(small.model(), small.table(), output));
    assertEquals(expected, rows(written("delta", output)));
    assertEquals(1, written("delta", output + "_rejected").count());
  }

  /** What is appended a second time would be there twice. */
  @Test
  void aRunThatFailedAndIsRepeatedWritesEachScoreOnce() {
    String output = folder.resolve("repeated").toString();
    String words =
        "score --keep id,kind --model %s --input %s --output-format delta --output %s"
            .formatted(small.model(), tableWithGap(), output);
    small.run(words);
    String rejected = "ALTER TABLE delta.`%s_rejected` ".formatted(output);
    spark.sql("DELETE FROM delta.`%s_rejected`".formatted(output));
    spark.sql(rejected + "ADD CONSTRAINT full CHECK (id < 0)");
    assertNotEquals(0, CommandRun.of(words.split(" ")).exitCode());
    spark.sql(rejected + "DROP CONSTRAINT full");
    small.run(words);
    assertEquals(2 * (expected.size() - 1), written("delta", output).count());
    assertEquals(1, written("delta", output + "_rejected").count());
  }

  private static Dataset<Row> written(String format, String output) {
    return output.contains("/") ? spark.read().format(format).load(output) : spark.table(output);
  }

  /** A table that is there keeps its own layout; a new one has the input's. */
  @ParameterizedTest
  @CsvSource({"delta, delta", "iceberg, parquet", "iceberg, iceberg"})
  void theOutputIsPartitionedAsTheInput(String read, String written) {
    Dataset<Row> numbers = spark.read().parquet(small.table());
    String input = folder.resolve("by-kind-" + read + "-" + written).toString();
    if (read.equals("delta")) {
      numbers.write().format("delta").partitionBy("kind").save(input);
    } else {
      input = "lake.lake_tests.by_kind_for_" + written;
      numbers.write().format("iceberg").partitionBy("kind").saveAsTable(input);
    }
    String output = folder.resolve("as-%s-%s".formatted(read, written)).toString();
    String words =
        "score --model %s --input %s --format %s --output-format %s --output %s"
            .formatted(small.model(), input, read, written, output);
    CommandRun run = small.run(words);
    assertTrue(run.out().contains("Partitioned by kind, as the input is"), run.out());
    assertEquals(expected, rows(written(written, output)));
    assertEquals(List.of("kind"), OpenedTable.partitionedBy(written(written, output)));
    if (!written.equals("parquet")) {
      assertFalse(small.run(words).out().contains("Partitioned by"));
      assertEquals(2 * expected.size(), written(written, output).count());
    }
    String flat = output + "-flat";
    small.run(words.replace(output, flat), "--partition-by", "");
    assertEquals(List.of(), OpenedTable.partitionedBy(written(written, flat)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iceberg-path", "iceberg-name"})
  void tagsAndBranches(String which) {
    String input = specification(which);
    String name = which.replace('-', '_');
    spark.sql(
        "ALTER TABLE lake.lake_tests.orders CREATE TAG `tag_%s` AS OF VERSION %s"
            .formatted(name, first(which)));
    spark.sql(
        "ALTER TABLE lake.lake_tests.orders CREATE BRANCH `branch_%s` AS OF VERSION %s"
            .formatted(name, first(which)));
    String words =
        "score --keep id --model %s --input %s --format iceberg --output "
            .formatted(small.model(), input);
    for (String reference : List.of("tag_" + name, "branch_" + name)) {
      String scores = folder.resolve("of-" + reference).toString();
      small.run(words + scores, "--version-as-of", reference);
      assertEquals(expected, rows(spark.read().parquet(scores)));
    }
    small
        .refused(words + folder.resolve("of-none") + " --version-as-of none")
        .names("--version-as-of none", input, "main");
  }

  /** Overwriting replaces its rows alone. */
  @Test
  void anIcebergTableAtAPathKeepsItsColumns() {
    String output = folder.resolve("other-columns").toString();
    String words =
        "score --model %s --input %s --output-format iceberg --output %s --keep "
            .formatted(small.model(), small.table(), output);
    small.run(words + "id");
    small.refused(words + "kind --overwrite").names(output, "no column 'kind'");
    assertEquals(expected, rows(written("iceberg", output)));
  }

  @Test
  void otherCommandsWriteThem() {
    String words = " --keep id --model %s --input ".formatted(small.model());
    String latents = folder.resolve("latents").toString();
    small.run(
        "embed"
            + words
            + small.table()
            + " --output-format iceberg --max-records-per-file 100 --output",
        latents);
    assertEquals(expected.size(), written("iceberg", latents).count());
    String filled = folder.resolve("filled").toString();
    small.run(
        "impute" + words + tableWithGap() + " --rounds 2 --output-format delta --output", filled);
    assertEquals(0, written("delta", filled).where("left is null").count());
    small.run(
        "impute" + words + small.table() + " --rounds 2 --output-format delta --output", filled);
    assertEquals(2 * expected.size(), written("delta", filled).count());
    small
        .refused("compress" + words + small.table() + " --output-format csv --output " + filled)
        .names("--output-format");
  }

  @Test
  void whatIsNotThere() {
    String output = folder.resolve("nothing").toString();
    String words = "score --model %s --output %s ".formatted(small.model(), output);
    small
        .refused(words + "--format delta --input " + folder.resolve("none"))
        .names("none", "delta");
    small.refused(words + "--format table --input lake_tests.none").names("lake_tests.none");
    small
        .refused(words + "--format delta --version-as-of 7 --input " + deltaPath())
        .names("VERSION AS OF 7");
    small
        .refused(words + "--version-as-of 7 --input " + small.table())
        .names("--version-as-of", "parquet");
    small
        .refused(words + "--output-format table --input " + small.table())
        .names("--output-format table");
  }
}
