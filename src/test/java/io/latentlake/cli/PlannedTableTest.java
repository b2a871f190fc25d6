package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.data.BoundEncoder;
import io.latentlake.data.Category;
import io.latentlake.data.ColumnPlan;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.InternalRows;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Generator;
import io.latentlake.spec.Json;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of mixed columns with gaps, from {@code --features auto} to scores, as a user would. */
class PlannedTableTest {
  private static final int ROWS = 600;

  @TempDir static Path folder;

  private static String trained;

  @BeforeAll
  static void train() throws IOException {
    SmallTables.parquet(table().repartition(3), folder.resolve("table"));
    // Among the rows to score: a level that was never seen, a number that can't be, and nothing.
    Dataset<Row> odd =
        withoutAnyValue(table(), 9)
            .withColumn("color", functions.expr("if(id = 7, 'mauve', color)"))
            .withColumn("amount", functions.expr("if(id = 8, double('Infinity'), amount)"));
    SmallTables.parquet(odd.repartition(2), folder.resolve("odd"));
    Files.writeString(folder.resolve("conf"), SmallTables.MIXED_CONFIGURATION);
    trained =
        run("train --input %s --validation %s --features auto,amount:log --exclude id --config %s"
                    .formatted(path("table"), path("table"), path("conf"))
                + " --workers 2 --model "
                + path("model"))
            .out();
  }

  private static Dataset<Row> table() {
    return SmallTables.mixed(ROWS);
  }

  private static Dataset<Row> withoutAnyValue(Dataset<Row> table, int id) {
    Dataset<Row> without = table;
    for (String column : List.of("amount", "weight", "color", "open", "time")) {
      without =
          without.withColumn(column, functions.expr("if(id = %d, null, %s)".formatted(id, column)));
    }
    return without;
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static CommandRun run(String words) {
    return CommandRun.of(words.split(" ")).orFail();
  }

  private static TrainedVae model() {
    return ModelFolder.read(path("model"), new Configuration());
  }

  @Test
  void trainingPrintsThePlanAndWhatItLeavesOut() {
    assertTrue(trained.contains("scaled-number (1): log("), trained);
    assertTrue(trained.contains("missing in 10.0 %"), trained);
    assertTrue(trained.contains("left out: code, which is another in nearly every row"), trained);
    assertTrue(trained.contains("left out: pair"), trained);
    assertTrue(trained.contains("Training on 600 rows"), trained);
    assertFalse(trained.contains("NaN"), trained);
  }

  @Test
  void inspectPrintsThePlan() {
    String out = run("inspect --model " + path("model")).out();
    assertTrue(out.contains("category (5): one of 4: "), out);
    assertTrue(out.contains("missing in 10.0 %"), out);
    assertTrue(
        out.contains("mixed (bernoulli of 1, gaussian-feature-variance of 7, categorical of 5)"),
        out);
  }

  @Test
  void theModelKeepsTheResolvedLikelihood() {
    assertEquals(Family.MIXED, model().configuration().model().likelihood().family());
    assertTrue(model().features().shape().gaps());
  }

  @Test
  void everyRowIsScoredOrRejectedOnce() {
    run(
        "score --model %s --input %s --output %s --keep id"
            .formatted(path("model"), path("odd"), path("scores")));

    var spark = SharedSpark.session();
    Dataset<Row> scores = spark.read().parquet(path("scores"));
    assertEquals(ROWS - 2, scores.select("id").distinct().count());
    assertEquals(ROWS - 2, scores.count());
    assertEquals(0, scores.where("isnan(reconstruction_error) or isnan(squared_error)").count());
    Dataset<Row> rejected = spark.read().parquet(path("scores/_rejected"));
    assertEquals(
        "[[8,INFINITE_VALUE], [9,ALL_MISSING]]",
        rejected.select("id", "rejection_reason").orderBy("id").collectAsList().toString());
  }

  /** So far beyond the others that it is held at ten thousand deviations. */
  @Test
  void aFillValueAmongTheTrainingRowsIsNoEndOfTraining() throws IOException {
    SmallTables.parquet(
        table().withColumn("weight", functions.expr("if(id % 40 = 5, 1e9, weight)")),
        folder.resolve("filled"));
    run(
        "train --input %s --features weight:robust,amount:log,color --config %s --workers 2 --model %s"
            .formatted(path("filled"), path("conf"), path("filled-model")));
    run(
        "score --model %s --input %s --output %s --keep id"
            .formatted(path("filled-model"), path("filled"), path("filled-scores")));
    Dataset<Row> scores = SharedSpark.session().read().parquet(path("filled-scores"));
    Dataset<Row> highest = scores.orderBy(functions.desc("raw_score")).limit(ROWS / 40);
    assertEquals(ROWS / 40, highest.where("id % 40 = 5").count());
  }

  /** The deviance, and what the generator makes of each category that it isn't shown. */
  @Test
  void pseudoLikelihoodAddsWhatTheRestSaysOfEachLevel() {
    String measured = path("pseudo");
    run(
        "calibrate --kind pseudo_likelihood --model %s --input %s --output %s"
            .formatted(path("model"), path("table"), measured));
    run(
        "score --model %s --input %s --output %s --keep id,color"
            .formatted(measured, path("table"), path("pseudo-scores")));
    run(
        "calibrate --kind deviance --model %s --input %s --output %s"
            .formatted(path("model"), path("table"), path("deviance")));
    run(
        "score --model %s --input %s --output %s --keep id"
            .formatted(path("deviance"), path("table"), path("deviance-scores")));

    var spark = SharedSpark.session();
    Dataset<Row> both =
        spark
            .read()
            .parquet(path("pseudo-scores"))
            .as("p")
            .join(spark.read().parquet(path("deviance-scores")).as("d"), "id")
            .selectExpr("id", "color", "p.raw_score - d.raw_score as surprise");
    // What is missing surprises nobody.
    assertEquals(0, both.where("color is null and abs(surprise) > 1e-4").count());
    assertEquals(0, both.where("color is not null and not surprise > 0").count());

    FeaturePlan plan = model().features();
    int at =
        plan.columns().stream()
            .takeWhile(c -> !c.name().equals("color"))
            .mapToInt(ColumnPlan::width)
            .sum();
    Category color = (Category) plan.columns().get(plan.names().indexOf("color"));
    try (var generator = new Generator(model())) {
      Dataset<Row> table =
          model().encoder().select(spark.read().parquet(path("table")), List.of("id", "color"));
      BoundEncoder encoder = model().encoder().bind(table.schema());
      for (InternalRow row : InternalRows.first(table, 20)) {
        var x = new float[encoder.width()];
        encoder.encode(row, x, 0);
        InternalRow kept = encoder.kept(row);
        if (!kept.isNullAt(1)) {
          Arrays.fill(x, at, at + color.width(), Float.NaN);
          float[] mean = generator.reconstruct(new float[][] {x})[0];
          double p = mean[at + color.levels().indexOf(kept.getUTF8String(1).toString())];
          Row found = both.where("id = " + kept.getLong(0)).first();
          assertEquals(-Math.log(p), found.<Double>getAs("surprise"), 1e-3);
        }
      }
    }
  }

  /** One column's gaps grow, another's levels change; the others stay what they were. */
  @Test
  void driftNamesTheColumnsThatMoved() throws IOException {
    Dataset<Row> moved =
        table()
            .withColumn("weight", functions.expr("if(id % 2 = 0, null, weight)"))
            .withColumn("color", functions.expr("if(color = 'red', 'mauve', color)"));
    SmallTables.parquet(moved.repartition(2), folder.resolve("moved"));
    run(
        "score --model %s --input %s --output %s --keep id"
            .formatted(path("model"), path("moved"), path("moved-scores")));
    CommandRun drift =
        CommandRun.of(
            "drift --limit 0.1 --model %s --scores %s --input %s --metrics %s"
                .formatted(path("model"), path("moved-scores"), path("moved"), path("drift.json"))
                .split(" "));
    assertEquals(3, drift.exitCode(), drift.err());
    JsonNode features =
        Json.METRICS.readTree(Files.readString(folder.resolve("drift.json"))).get("features");
    assertTrue(features.get("weight").asDouble() > 0.5, features.toString());
    assertTrue(features.get("color").asDouble() > 0.5, features.toString());
    assertEquals(0, features.get("amount").asDouble(), 0.01);
    assertEquals(0, features.get("open").asDouble(), 1e-9);
    assertFalse(features.has("time"), "times move on by themselves");
  }

  @Test
  void gapsAreFilledWithValuesOfTheColumns() {
    run(
        "impute --model %s --input %s --output %s --keep id --rounds 5"
            .formatted(path("model"), path("table"), path("whole")));

    Dataset<Row> whole = SharedSpark.session().read().parquet(path("whole"));
    assertEquals(ROWS, whole.where("amount is not null and not isnan(weight)").count());
    assertEquals(ROWS, whole.where("open is not null").count());
    Dataset<Row> colors = whole.where("color in ('red', 'green', 'blue', '')");
    assertEquals(ROWS, colors.count());
    // What was there stays, to the bit.
    Dataset<Row> read = SharedSpark.session().read().parquet(path("table"));
    assertEquals(
        ROWS * 9 / 10, whole.as("a").join(read.as("b"), "id").where("a.amount = b.amount").count());
  }

  @Test
  void aRowWithoutAnyValueIsFilled() throws IOException {
    SmallTables.parquet(withoutAnyValue(SmallTables.mixed(4), 0), folder.resolve("empty"));
    run(
        "impute --model %s --input %s --output %s --keep id --rounds 1"
            .formatted(path("model"), path("empty"), path("empty-filled")));

    Dataset<Row> filled = SharedSpark.session().read().parquet(path("empty-filled"));
    assertEquals(4, filled.where("amount is not null and weight = weight").count());
  }
}
