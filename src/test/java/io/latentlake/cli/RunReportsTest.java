package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.model.ModelFolder;
import io.latentlake.report.RowSample;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports that a run makes of its own result, and of which rows. */
class RunReportsTest {
  @TempDir static Path folder;

  private static SmallModel small;

  @BeforeAll
  static void train() throws IOException {
    small = SmallModel.train(folder);
  }

  /** Values until a file is there, and a failing task from then on. */
  private static Double valueUntilThere(Double value, String file) {
    if (Files.exists(Path.of(file))) {
      throw new IllegalStateException("planted: " + file + " is there");
    }
    return value;
  }

  @Test
  void aJobThatFailsLeavesTheModel() throws IOException {
    Path model = folder.resolve("of a view");
    UDF2<Double, String, Double> value = RunReportsTest::valueUntilThere;
    SharedSpark.session().udf().register("value_until_there", value, DataTypes.DoubleType);
    String left = "value_until_there(left, '%s') as left".formatted(model.resolve("model.json"));
    SmallTables.numbers(SmallModel.ROWS)
        .selectExpr("id", left, "right")
        .createOrReplaceTempView("failing_once_trained");
    Path log = folder.resolve("view.jsonl");
    CommandRun run =
        CommandRun.of(
                "train",
                "--input",
                "failing_once_trained",
                "--format",
                "table",
                "--features",
                "left,right",
                "--config",
                small.configuration(),
                "--model",
                model.toString(),
                "--log-json",
                log.toString())
            .orFail();
    ModelFolder.read(model.toString(), new Configuration());
    List<String> warnings =
        run.errLines().stream().filter(line -> line.startsWith("latentlake: ")).toList();
    assertEquals(1, warnings.size(), run.err());
    String warning = warnings.get(0);
    assertTrue(warning.contains("planted: "), warning);
    assertTrue(
        warning.contains(
            "latentlake report --model '%s' --input failing_once_trained --input-format table"
                .formatted(model)),
        warning);
    assertTrue(Files.readString(log).contains("\"event\":\"warning\""), "the log has no warning");
  }

  @Test
  void whateverGoesWrongIsOneLine() {
    List<Callable<Void>> failures =
        List.of(
            () -> {
              throw new SparkException("planted\nin lines");
            },
            () -> {
              throw new AssertionError("planted, as Hadoop does of a full disk");
            },
            () -> {
              throw new OutOfMemoryError("planted");
            });
    for (Callable<Void> failure : failures) {
      var err = new StringWriter();
      new RunReports(null, false, RunLog.none(), new PrintWriter(err))
          .attempt(failure, List.of("latentlake", "report", "--scores", "s3a://KEY:secret@b/x y"));
      assertEquals(1, err.toString().lines().count(), err::toString);
      assertTrue(err.toString().contains("planted"), err::toString);
      assertTrue(err.toString().contains("--scores 's3a://b/x y'"), err::toString);
    }
  }

  @Test
  void columnsThatAreNotShownAreCounted() throws IOException {
    String[] columns =
        IntStream.rangeClosed(1, 45)
            .mapToObj(i -> "randn(%d) as column_%d".formatted(i, i))
            .toArray(String[]::new);
    String wide =
        SmallTables.parquet(
            SharedSpark.session().range(100).selectExpr(columns), folder.resolve("wide"));
    String model = folder.resolve("of-wide").toString();
    small.run(
        "train --input %s --features auto --config %s --model %s"
            .formatted(wide, small.configuration(), model));
    String html = Files.readString(Path.of(model, "report.html"));
    assertTrue(html.contains("The first 40 columns; there are 5 more."), "it isn't said");
  }

  /** A model of few rows, and a table of many: not the first ones of them. */
  @Test
  void rowsAreFromAllOverTheTable() {
    int rows = 20_000;
    Dataset<Row> table =
        SharedSpark.session()
            .range(0, rows, 1, 4)
            .select(
                functions.col("id"),
                functions.lit(0.5).as("left"),
                functions.col("id").cast(DataTypes.DoubleType).as("right"));
    RowSample sample =
        Reports.sample(
            ModelFolder.read(small.model(), new Configuration()),
            new NamedTable("many", table),
            Optional.of("id"));
    List<Integer> ids = sample.labels().stream().map(Integer::valueOf).toList();
    assertTrue(ids.size() > 1200 && ids.size() < 1800, () -> ids.size() + " rows");
    for (int tenth = 0; tenth < rows; tenth += rows / 10) {
      int from = tenth;
      assertFalse(ids.stream().noneMatch(id -> id >= from && id < from + rows / 10), "" + from);
    }
  }
}
