package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallImages;
import io.latentlake.SmallTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format that is read or written holds the same rows and gives the same scores. */
class FormatsTest {
  private static final String SCORES =
      "reconstruction_error, squared_error, kl, elbo, anomaly_score, is_anomaly";

  @TempDir static Path folder;

  private static SmallModel small;
  private static List<Row> expected;

  @BeforeAll
  static void trainAndScore() throws IOException {
    small = SmallModel.train(folder);
    String scores = folder.resolve("parquet-scores").toString();
    small.run(scoring(small.table(), scores));
    expected = rows(SharedSpark.session().read().parquet(scores), "to_json(latent)");
    assertFalse(expected.isEmpty());
  }

  private static String scoring(String input, String output) {
    return "score --keep id --model %s --input %s --output %s"
        .formatted(small.model(), input, output);
  }

  private static List<Row> rows(Dataset<Row> scores, String latent) {
    return scores
        .selectExpr(("cast(id as bigint), " + SCORES + ", " + latent).split(", "))
        .orderBy("id")
        .collectAsList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json", "orc", "avro"})
  void read(String format) {
    String input = folder.resolve("numbers-" + format).toString();
    SharedSpark.session()
        .read()
        .parquet(small.table())
        .write()
        .format(format)
        .option("header", true)
        .save(input);
    String scores = folder.resolve("from-" + format).toString();
    small.run(scoring(input, scores), "--format", format);
    assertEquals(expected, rows(SharedSpark.session().read().parquet(scores), "to_json(latent)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json", "orc", "avro"})
  void written(String format) {
    String scores = folder.resolve("to-" + format).toString();
    small.run(scoring(small.table(), scores), "--output-format", format);
    Dataset<Row> found =
        SharedSpark.session()
            .read()
            .format(format)
            .option("header", true)
            .option("inferSchema", true)
            .load(scores);
    // CSV has no arrays and holds the latent as JSON; JSON has no floats, so they come back wide.
    String latent = format.equals("csv") ? "latent" : "to_json(cast(latent as array<float>))";
    assertEquals(expected, rows(found, latent));
  }

  @Test
  void partitionsAndFileSizes() {
    String scores = folder.resolve("partitioned").toString();
    small.run(
        "score --keep id,kind --model %s --input %s --output %s --partition-by kind --max-records-per-file 7"
            .formatted(small.model(), small.table(), scores));
    Dataset<Row> found = SharedSpark.session().read().parquet(scores);
    assertEquals(expected, rows(found, "to_json(latent)"));
    assertTrue(Files.isDirectory(Path.of(scores, "kind=odd")));
    Dataset<Row> files = found.groupBy(functions.input_file_name()).count();
    assertEquals(7, files.selectExpr("max(count)").first().getLong(0));
    // And read again: the folders' names are a column.
    String again = folder.resolve("from-partitions").toString();
    String partitioned = folder.resolve("numbers-by-kind").toString();
    SharedSpark.session()
        .read()
        .parquet(small.table())
        .write()
        .partitionBy("kind")
        .parquet(partitioned);
    small.run(scoring(partitioned, again));
    assertEquals(expected, rows(SharedSpark.session().read().parquet(again), "to_json(latent)"));
    assertFalse(Files.exists(Path.of(again, "kind=odd")), "the column isn't kept");
    small
        .refused(scoring(small.table(), again + "2"), "--partition-by", "kind")
        .names("--partition-by", "kind", "--keep");
  }

  /**
   * Not as many files as tasks, nor one file for all: what is small is joined, what is large cut.
   */
  @Test
  void sizesOfFiles() {
    Dataset<Row> table = SharedSpark.session().read().parquet(small.table()).repartition(8);
    String many = SmallTables.parquet(table, folder.resolve("many-files"));
    String words =
        "score --keep id,kind --model %s --input %s --partition-by kind --output "
            .formatted(small.model(), many);
    assertTrue(filesOfAFolder(words, "by-tasks") > 1, "a file of each task");
    assertEquals(1, filesOfAFolder(words, "together", "--target-file-size", "1m"));
    long cut = filesOfAFolder(words, "cut", "--target-file-size", "8k");
    assertTrue(cut > 1 && cut < 8, () -> cut + " files");
    String flat = words.replace("--partition-by kind ", "");
    assertEquals(1, files(flat, "flat-together", "--target-file-size", "1m"));
    assertTrue(files(flat, "flat-cut", "--target-file-size", "8k") > 1);
    String setting = "spark.sql.adaptive.advisoryPartitionSizeInBytes";
    assertFalse(SharedSpark.session().conf().getAll().contains(setting), "it is as it was");
    small
        .refused(words + folder.resolve("none"), "--target-file-size", "large")
        .names("--target-file-size large", "128m");
  }

  private static long filesOfAFolder(String words, String output, String... more) {
    files(words, output, more);
    Dataset<Row> usual =
        SharedSpark.session().read().parquet(folder.resolve(output + "/kind=usual").toString());
    return usual.select(functions.input_file_name()).distinct().count();
  }

  private static long files(String words, String output, String... more) {
    String scores = folder.resolve(output).toString();
    CommandRun run = small.run(words + scores, more);
    assertTrue(run.out().contains("Scored 200 rows"), run.out());
    Dataset<Row> found = SharedSpark.session().read().parquet(scores);
    assertEquals(expected, rows(found, "to_json(latent)"));
    return found.select(functions.input_file_name()).distinct().count();
  }

  @Test
  void folderOfFoldersGivesTheSame() {
    String input = folder.resolve("by-kind").toString();
    SharedSpark.session().read().parquet(small.table()).write().partitionBy("kind").parquet(input);
    String same = folder.resolve("by-kind-scores").toString();
    String scoring = "score --model %s --input %s --output ".formatted(small.model(), input);
    CommandRun run = small.run(scoring + same);
    assertTrue(run.out().contains("Partitioned by kind, as the input is"), run.out());
    assertTrue(Files.isDirectory(Path.of(same, "kind=odd")));
    assertEquals(expected, rows(SharedSpark.session().read().parquet(same), "to_json(latent)"));
    String flat = folder.resolve("flat-scores").toString();
    small.run(scoring + flat, "--partition-by", "");
    assertFalse(Files.exists(Path.of(flat, "kind=odd")));
    assertEquals(expected, rows(SharedSpark.session().read().parquet(flat), "to_json(latent)"));
  }

  @Test
  void idx() throws IOException {
    String images = SmallImages.idx(100, folder.resolve("images-idx"));
    Path configuration = folder.resolve("images.conf");
    Files.writeString(configuration, SmallImages.CONFIGURATION);
    String model = folder.resolve("image-model").toString();
    small.run(
        "train --format idx --input %s --config %s --model %s"
            .formatted(images, configuration, model));
    String fromFile = folder.resolve("from-idx").toString();
    small.run(
        "score --format idx --model %s --input %s --output %s".formatted(model, images, fromFile));
    String table = SmallTables.parquet(SmallImages.table(100), folder.resolve("images"));
    String fromTable = folder.resolve("from-table").toString();
    small.run("score --model %s --input %s --output %s".formatted(model, table, fromTable));
    List<Row> expectedImages = images(SharedSpark.session().read().parquet(fromTable));
    assertEquals(100, expectedImages.size());
    assertEquals(expectedImages, images(SharedSpark.session().read().parquet(fromFile)));
  }

  private static List<Row> images(Dataset<Row> scores) {
    return scores
        .selectExpr(("index, " + SCORES + ", latent").split(", "))
        .orderBy("index")
        .collectAsList();
  }
}
