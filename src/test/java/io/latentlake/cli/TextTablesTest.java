package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.data.ColumnPlan;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.MalformedRecords;
import io.latentlake.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables of text, CSV and JSON: what is no record is told from what is one, and types are the
 * model's. It is trained on a folder for each {@code day}, with malformed records in each.
 */
class TextTablesTest {
  private static final int DAYS = 4;
  private static final int ROWS = 60;
  private static final List<String> MALFORMED = List.of("garbage", "{\"id\": 5, \"amount\": ");
  private static final int TOO_MANY = 4;
  private static final String HEADER = "color,id,items,amount,day";

  @TempDir static Path folder;

  private static String trained;

  @BeforeAll
  static void train() throws IOException {
    for (int day = 1; day <= DAYS; day++) {
      var lines = new TreeSet<>(MALFORMED);
      IntStream.range(day * ROWS, (day + 1) * ROWS)
          .mapToObj(id -> id % 10 == 0 ? record(id, "") : record(id, ", \"amount\": " + id % 7))
          .forEach(lines::add);
      lines("lake/day=%d/part.json".formatted(day), List.copyOf(lines));
    }
    Files.writeString(folder.resolve("conf"), SmallTables.MIXED_CONFIGURATION);
    trained = CommandRun.of(training("model").split(" ")).orFail().out();
  }

  private static String record(int id, String more) {
    String color = id % 3 == 0 ? "007" : "blue";
    return "{\"id\": %d, \"items\": %d, \"color\": \"%s\"%s}".formatted(id, id % 5, color, more);
  }

  private static String training(String model) {
    return "train --format json --features auto --exclude id --input %s --config %s --model %s"
        .formatted(path("lake"), path("conf"), path(model));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static String lines(String name, List<String> lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, lines).toString();
  }

  private static String csv(String name, String... lines) throws IOException {
    return lines(name, List.of(lines));
  }

  private static CommandRun score(String format, String input, String output, String... more) {
    return CommandRun.of(words(format, input, output, more));
  }

  private static List<String> words(String format, String input, String output, String... more) {
    var words =
        new ArrayList<>(
            List.of("score", "--format", format, "--model", path("model"), "--input", input));
    words.addAll(List.of("--output", path(output)));
    words.addAll(List.of(more));
    return words;
  }

  private static Dataset<Row> table(String name) {
    return SharedSpark.session().read().parquet(path(name));
  }

  /** The texts of the rows of a table of rejected ones that are malformed. */
  private static Set<String> malformed(String rejected) {
    var texts = new TreeSet<String>();
    table(rejected)
        .where("rejection_reason = 'MALFORMED_RECORD'")
        .select(MalformedRecords.TEXT)
        .collectAsList()
        .forEach(row -> texts.add(row.getString(0)));
    return texts;
  }

  private static void refused(String format, String input, Object... things) {
    Refusal.of(folder, words(format, input, "refused")).names(things);
  }

  @Test
  void trainingLeavesMalformedRecordsOut() {
    var model = ModelFolder.read(path("model"), new Configuration());
    assertEquals(
        Set.of("amount", "items", "color", "day"), Set.copyOf(model.features().names()), trained);
    assertEquals((long) MALFORMED.size() * DAYS, model.provenance().rejectedRows());
    assertEquals((long) ROWS * DAYS, model.provenance().rows());
    assertFalse(model.provenance().columns().toString().contains(MalformedRecords.TEXT));
    double missing =
        model.features().columns().stream()
            .filter(column -> column.name().equals("amount"))
            .findFirst()
            .orElseThrow()
            .missing();
    assertEquals(0.1, missing, 1e-9, "nulls of malformed records were counted");
    CommandRun none = CommandRun.of((training("none") + " --max-bad-rows 0").split(" "));
    assertEquals(TOO_MANY, none.exitCode(), none::err);
    assertFalse(Files.exists(folder.resolve("none")));
  }

  /** Also when the columns that are planned are fewer, of which Spark would parse no others. */
  @Test
  void trainingOnCsvLeavesThemOut() throws IOException {
    var lines = new ArrayList<>(List.of("id,color,note,amount", "5", "6,red", "7,red,x,1,2,3"));
    for (int id = 0; id < ROWS; id++) {
      lines.add("%d,%s,x,%s".formatted(id, id % 10 < 3 ? "" : "blue", id % 10 == 9 ? "" : id % 7));
    }
    String input = lines("training.csv", lines);
    String words = "train --format csv --features %s --input %s --config %s --model %s";
    Files.writeString(
        folder.resolve("conditional"),
        SmallTables.MIXED_CONFIGURATION + "\nmodel.variant = conditional-vae");
    CommandRun.of(
            words
                .formatted(
                    "amount:standard --condition color",
                    input,
                    path("conditional"),
                    path("csv-classes"))
                .split(" "))
        .orFail();
    FeaturePlan classes = ModelFolder.read(path("csv-classes"), new Configuration()).features();
    assertEquals(List.of("blue"), classes.condition().classes().get(0).levels());
    CommandRun.of(
            words
                .formatted("auto --exclude id,note", input, path("conf"), path("csv-model"))
                .split(" "))
        .orFail();
    var model = ModelFolder.read(path("csv-model"), new Configuration());
    assertEquals(3, model.provenance().rejectedRows());
    assertEquals(Set.of("amount", "color"), Set.copyOf(model.features().names()));
    for (ColumnPlan column : model.features().columns()) {
      double missing = column.name().equals("amount") ? 0.1 : 0.3;
      assertEquals(missing, column.missing(), 1e-9, "nulls of malformed records were counted");
    }
  }

  /** The folder is a part of the table, and its name the day that the model takes. */
  @Test
  void malformedJsonIsRejected() {
    String day = path("lake/day=2");
    String out = score("json", day, "json-scores").orFail().out();
    assertTrue(out.contains("Scored 60 rows"), out);
    assertTrue(out.contains("Not scored: 2 rows, MALFORMED_RECORD"), out);
    assertFalse(out.contains("Partitioned by"), out);
    assertEquals(ROWS, table("json-scores").count());
    assertEquals("id", table("json-scores").columns()[0]);
    assertFalse(List.of(table("json-scores").columns()).contains(MalformedRecords.TEXT));
    assertEquals(Set.copyOf(MALFORMED), malformed("json-scores/_rejected"));
    CommandRun none = score("json", day, "json-none", "--max-bad-rows", "0");
    assertEquals(TOO_MANY, none.exitCode(), none::err);
    CommandRun drift =
        CommandRun.of(
            "drift --limit 1000 --model %s --scores %s --input %s --input-format json"
                .formatted(path("model"), path("json-scores"), day)
                .split(" "));
    assertTrue(drift.orFail().out().contains("amount"), drift.out());
  }

  /** Whatever columns are asked for, and in whatever order they come. */
  @ParameterizedTest
  @ValueSource(strings = {"id", "", "id,note"})
  void malformedCsvIsRejected(String keep) throws IOException {
    String input =
        csv(
            "kept-%s.csv".formatted(keep.replace(",", "-")),
            HEADER + ",note",
            "007,1,2,3.5,2,fine",
            "007,2,2",
            "blue,3,4,2,1,b,extra,more",
            "blue,4,4,abc,1,b",
            "blue,5,x,1,1,b",
            "blue,6,4,,1,");
    String output = "csv-scores" + keep;
    String out = score("csv", input, output, "--keep", keep).orFail().out();
    assertTrue(out.contains("Scored 2 rows"), out);
    assertEquals(
        Set.of("007,2,2", "blue,3,4,2,1,b,extra,more", "blue,4,4,abc,1,b", "blue,5,x,1,1,b"),
        malformed(output + "/_rejected"));
  }

  /** As those of a table in Parquet: {@code 007} is text, whole numbers may have become others. */
  @Test
  void typesAreTheModels() throws IOException {
    String input = csv("types.csv", HEADER, "007,1,2.0,3,2", "007,2,2.0,3,2", "007,3,1,,1");
    score("csv", input, "types").orFail();
    String json =
        lines(
            "types.json",
            List.of(
                "{\"day\": 2, \"id\": 1, \"color\": \"007\", \"items\": 2, \"amount\": 3}",
                "{\"day\": 2, \"id\": 2, \"color\": \"007\", \"items\": 2, \"amount\": 3}",
                "{\"day\": 1, \"id\": 3, \"color\": \"007\", \"items\": 1}"));
    score("json", json, "types-json").orFail();
    assertEquals(scores("types-json"), scores("types"));
  }

  private static List<Row> scores(String name) {
    return table(name)
        .selectExpr("cast(id as int)", "elbo", "anomaly_score")
        .orderBy("id")
        .collectAsList();
  }

  @Test
  void columnsWithoutAnyValue() throws IOException {
    String empty = csv("empty.csv", HEADER, "blue,1,2,,2", "blue,2,3,,2");
    assertTrue(score("csv", empty, "empty").orFail().out().contains("Scored 2 rows"));
    refused("csv", csv("missing.csv", "color,id,items,day", "blue,1,2,2"), "no column 'amount'");
    String without = "{\"id\": 1, \"color\": \"blue\", \"day\": 2%s}";
    String json = lines("without.json", List.of(without.formatted(", \"items\": 3")));
    assertTrue(score("json", json, "without").orFail().out().contains("Scored 1 rows"));
    String noItems = lines("no-items.json", List.of(without.formatted(", \"amount\": 3")));
    refused("json", noItems, "no column 'items'");
  }

  /** A bad cell in an old file refuses no later run. */
  @Test
  void incrementally() throws IOException {
    String input = path("growing");
    String[] more = {"--incremental", "--checkpoint", path("checkpoint"), "--keep", "id"};
    csv("growing/1.csv", HEADER, "blue,1,2,3,2", "blue,2,3,abc,2", "blue,3");
    String first = score("csv", input, "grown", more).orFail().out();
    assertTrue(first.contains("Not scored: 2 rows, MALFORMED_RECORD"), first);
    csv("growing/2.csv", HEADER, "blue,4,2,3,2", "blue,5,3,4.5,2");
    String second = score("csv", input, "grown", more).orFail().out();
    assertTrue(second.contains("Scored 2 rows"), second);
    assertEquals(3, table("grown").select("id").distinct().count());
    assertEquals(Set.of("blue,2,3,abc,2", "blue,3"), malformed("grown/batch_id=*/_rejected"));
  }

  @Test
  void optionsOfTheReader() throws IOException {
    String input =
        csv(
            "options.csv",
            "color;id;note;items;amount;day",
            "blue;1;\"said \"\"yes; no\"\"",
            "and went\";2;3;2",
            "blue;2;;2;3;2");
    String[] options = {
      "--input-option", "sep=;", "--input-option", "escape=\"", "--input-option", "multiLine=true"
    };
    String out = score("csv", input, "options", options).orFail().out();
    assertTrue(out.contains("Scored 2 rows"), out);
    assertEquals(
        "said \"yes; no\"\nand went",
        table("options").where("id = 1").select("note").first().getString(0));
    List<String> header = List.of(HEADER.split(","));
    String columns =
        ModelFolder.read(path("model"), new Configuration()).features().names().stream()
            .map(name -> "_c" + header.indexOf(name))
            .collect(Collectors.joining(","));
    String headless = csv("headless.csv", "blue,1,2,3,2", "007,2,4,,1");
    String[] named = {"--input-option", "header=false", "--features", columns, "--keep", "_c1"};
    assertTrue(score("csv", headless, "headless", named).orFail().out().contains("Scored 2 rows"));
    // Each by the type of the column that it is, or the whole column would be text.
    String word = csv("headless-word.csv", "blue,1,2,3,2", "007,2,4,abc,1");
    String worded = score("csv", word, "headless-word", named).orFail().out();
    assertTrue(worded.contains("Not scored: 1 rows, MALFORMED_RECORD"), worded);
    for (String ours : List.of("mode=DROPMALFORMED", "basePath=/")) {
      Refusal.of(folder, words("csv", input, "refused", "--input-option", ours))
          .names("--input-option " + ours.split("=")[0]);
    }
    Refusal.of(folder, words("idx", input, "refused", "--input-option", "sep=;"))
        .names("--input-option sep", "idx");
    Refusal.of(folder, words("parquet", "mnist:test", "refused", "--input-option", "sep=;"))
        .names("--input-option sep", "mnist:test");
  }
}
