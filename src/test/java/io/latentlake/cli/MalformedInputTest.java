package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that can't be read or used are refused in one line, and leave nothing behind. */
class MalformedInputTest {
  @TempDir static Path folder;

  private static SmallModel small;
  private static String table;

  @BeforeAll
  static void trainModel() throws IOException {
    small = SmallModel.train(folder);
    table = small.table();
  }

  private static Refusal training(String input, String... more) {
    return small.refused("train --input " + input + " --model " + path("new-model"), more);
  }

  private static Refusal scoring(String input, String... more) {
    return small.refused(
        "score --input " + input + " --model " + small.model() + " --output " + path("scores"),
        more);
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static String file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content).toString();
  }

  @Test
  void missingPath() {
    training(path("nowhere"), "--features", "left").names(path("nowhere"), "no such path");
    scoring(path("nowhere")).names(path("nowhere"), "no such path");
  }

  @Test
  void notParquet() throws IOException {
    String text = file("text.parquet", "id,left,right\n1,2.0,3.0\n".getBytes());
    training(text, "--features", "left").names(text, "parquet", "--format");
    scoring(text).names(text, "parquet", "--format");
  }

  @Test
  void noPlaceForTheFigures() throws IOException {
    String inFile = file("no-folder", new byte[0]) + "/figures.json";
    for (String place : new String[] {folder.toString(), inFile}) {
      training(table, "--features", "left", "--metrics", place).names(place, "can't be written");
      scoring(table, "--metrics", place).names(place, "can't be written");
    }
    String scores = path("scores-without-figures");
    small.run("score --input %s --model %s --output %s".formatted(table, small.model(), scores));
    for (String command :
        new String[] {"drift --model " + small.model(), "evaluate --label kind --positive odd"}) {
      CommandRun run =
          CommandRun.of(
              "%s --scores %s --metrics %s".formatted(command, scores, inFile).split(" "));
      assertEquals(2, run.exitCode(), run.err());
      assertEquals("", run.out(), "it was done before it was found to be in vain");
    }
  }

  /** Who reads them meanwhile, or after a run that was killed, has the old ones whole. */
  @Test
  void figuresAreReplacedAndNotWrittenOver() throws IOException {
    Path figures = folder.resolve("rate.json");
    String command =
        "threshold --false-positive-rate 0.1 --model %s --metrics %s"
            .formatted(small.model(), figures);
    small.run(command);
    Path before = Files.createLink(folder.resolve("rate-before.json"), figures);
    String content = Files.readString(before);
    small.run(command.replace("0.1", "0.2"));
    assertEquals(content, Files.readString(before));
    assertNotEquals(content, Files.readString(figures));
  }

  @Test
  void figuresInAFolderThatTheRunMakes() throws IOException {
    String scores = path("scores-with-figures");
    small.run(
        "score --input %s --model %s --output %s".formatted(table, small.model(), scores),
        "--metrics",
        scores + "/figures/of-run.json");
    assertTrue(Files.size(Path.of(scores, "figures", "of-run.json")) > 0);
  }

  /** Spark asserts that it isn't so, and an error of that kind is no exception. */
  @Test
  void foldersThatAreNotOneTable() {
    String mixed = path("mixed");
    Dataset<Row> rows = SharedSpark.session().read().parquet(table);
    rows.write().partitionBy("kind").parquet(mixed);
    rows.write().partitionBy("kind").parquet(mixed + "/more/rows");
    scoring(mixed).names(mixed, "Conflicting directory structures");
  }

  @Test
  void noSuchColumn() {
    training(table, "--features", "left,middle").names(table, "'middle'", "id, kind, left, right");
    scoring(table, "--features", "left,middle").names(table, "'middle'", "id, kind, left, right");
  }

  @Test
  void noColumnNamed() {
    training(table).names(table, "--features", "id, kind, left, right");
  }

  @Test
  void textColumn() {
    training(table, "--features", "kind").names(table, "'kind'", "string");
    scoring(table, "--features", "left,kind").names(table, "'kind'", "string");
  }

  @Test
  void emptyTable() {
    String empty = SmallTables.parquet(SmallTables.numbers(0), folder.resolve("empty"));
    training(empty, "--features", "left").names(empty, "needs rows");
    scoring(empty).names(empty, "empty");
    training(empty, "--features", "auto").names(empty, "id has no value in any row, kind has");
  }

  @Test
  void truncatedIdx() throws IOException {
    byte[] whole = idx(0x00000803, 50, 8, 8);
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);
    String images = file("cut-idx", cut);
    training(images, "--format", "idx").names(images, "row 49", "50 rows", "truncated");
    String zipped = file("cut-idx.gz", zipped(cut));
    training(zipped, "--format", "idx").names(zipped, "50 rows", "truncated");
    byte[] wholeZipped = zipped(whole);
    String cutZipped = file("cut-zip.gz", Arrays.copyOf(wholeZipped, wholeZipped.length / 2));
    training(cutZipped, "--format", "idx").names(cutZipped, "50 rows", "truncated");
    String header = file("cut-header", Arrays.copyOf(whole, 9));
    training(header, "--format", "idx").names(header, "truncated");
  }

  @Test
  void wrongMagicNumber() throws IOException {
    String floats = file("floats-idx", idx(0x00000d03, 2, 8, 8));
    training(floats, "--format", "idx").names(floats, "0x00000d03", "not an IDX file");
  }

  @Test
  void tableOfAnotherWidth() {
    var arrays =
        SmallTables.numbers(20)
            .select(
                functions.col("id"),
                functions.array(functions.col("left"), functions.col("right")).as("pair"));
    String pairs = SmallTables.parquet(arrays, folder.resolve("pairs"));
    String pairModel = path("pair-model");
    small.run(
        "train --input " + pairs + " --model " + pairModel + " --config " + small.configuration(),
        "--features",
        "pair");
    var wider =
        arrays.withColumn(
            "pair", functions.concat(functions.col("pair"), functions.array(functions.lit(1.0))));
    String triples = SmallTables.parquet(wider, folder.resolve("triples"));
    String scoring = "score --model " + pairModel + " --output " + path("scores") + " --input ";
    small.refused(scoring + triples).names(triples, "[2]", "[3]", "pair");
    small.refused(scoring + "mnist:test", "--features", "image").names("mnist:test", "'image'");
  }

  @Test
  void badRowWhereNoneIsAllowed() {
    var bad =
        SmallTables.numbers(100)
            .withColumn(
                "left",
                functions
                    .when(functions.col("id").equalTo(57), functions.lit(null))
                    .otherwise(functions.col("left"))
                    .cast(DataTypes.DoubleType));
    String rows = SmallTables.parquet(bad, folder.resolve("bad-row"));
    scoring(rows, "--on-bad-row", "fail").names("NULL_VALUE", "--on-bad-row");
  }

  private static byte[] idx(int magic, int rows, int height, int width) {
    var buffer = java.nio.ByteBuffer.allocate(16 + rows * height * width);
    buffer.putInt(magic).putInt(rows).putInt(height).putInt(width);
    new java.util.Random(3).nextBytes(buffer.array());
    buffer.putInt(0, magic).putInt(4, rows).putInt(8, height).putInt(12, width);
    return buffer.array();
  }

  private static byte[] zipped(byte[] content) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(out)) {
      zip.write(content);
    }
    return out.toByteArray();
  }
}
