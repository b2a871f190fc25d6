package io.latentlake.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SmallTables;
import io.latentlake.data.ColumnPlan;
import io.latentlake.model.ModelFolder;
import io.latentlake.score.RowScorer;
import io.latentlake.score.ScoreColumns;
import io.latentlake.spec.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link LatentLake} of a table's own columns, of mixed kinds and with missing values. */
class PlannedColumnsTest extends StageContract<LatentLake, LatentLakeModel> {
  private static final int ROWS = 200;
  private static final String[] COLUMNS = {"amount", "weight", "color", "open", "time"};

  private final Dataset<Row> table = SmallTables.mixed(ROWS).cache();

  @Override
  LatentLake estimator() {
    return new LatentLake()
        .setInputCols(COLUMNS)
        .setFeaturePlan("{ amount = log }")
        // A frequency that is measured may differ from run to run, and with it the weights.
        .setConfig(
            SmallTables.MIXED_CONFIGURATION + "train { epochs = 2, averaging-frequency = 8 }");
  }

  @Override
  LatentLake loadEstimator(String path) {
    return LatentLake.load(path);
  }

  @Override
  LatentLakeModel loadModel(String path) {
    return LatentLakeModel.load(path);
  }

  @Override
  Dataset<Row> table() {
    return table;
  }

  @Override
  Map<String, Object> someParams() {
    return Map.of(
        "inputCols",
        new String[] {"amount", "open"},
        "featurePlan",
        "{ amount = robust }",
        "reasons",
        2,
        "reasonsCol",
        "why");
  }

  @Override
  Map<String, Object> badParams() {
    return Map.of("featurePlan", "{ amount = huge }", "reasons", -1);
  }

  @Override
  Set<String> addedColumns() {
    var added =
        new TreeSet<>(Set.of(ScoreColumns.RECONSTRUCTION_ERROR, ScoreColumns.SQUARED_ERROR));
    added.addAll(Set.of(ScoreColumns.KL, ScoreColumns.ELBO, ScoreColumns.RAW_SCORE));
    added.addAll(Set.of(ScoreColumns.ANOMALY_SCORE, ScoreColumns.IS_ANOMALY));
    added.add(ScoreColumns.MODEL_ID);
    added.addAll(Set.of(ScoreColumns.LATENT, ScoreColumns.REASONS));
    return added;
  }

  @Override
  String featuresColumn() {
    return "color";
  }

  @Override
  ParamMap[] worseAndBetter(LatentLake estimator) {
    return new ParamGridBuilder()
        .addGrid(estimator.learningRate(), new double[] {1e-9, 0.01})
        .build();
  }

  @Override
  Evaluator evaluator() {
    return new ElboEvaluator();
  }

  @Override
  Object modelData(LatentLakeModel model) {
    return List.of(
        ModelFolder.checksum(model.trained()),
        model.trained().features(),
        model.trained().requireCalibration().threshold());
  }

  @Test
  void theKindsAreThePlans() {
    String amount =
        fitted().trained().features().columns().stream()
            .filter(column -> column.name().equals("amount"))
            .map(ColumnPlan::becomes)
            .findFirst()
            .orElseThrow();
    assertTrue(amount.contains("log("), amount);
  }

  @Test
  void rowsWithMissingValuesAreScoredAndExplained() {
    Dataset<Row> scored = fitted().transform(table);
    assertEquals(ROWS, scored.where("size(reasons) = 3 and elbo = elbo").count());
    // An amount of another world is its own reason, said as the table would say it.
    Dataset<Row> odd = table.where("id = 5").withColumn("amount", functions.lit(1e30));
    Row reason =
        fitted().transform(odd).selectExpr("reasons[0] as why").selectExpr("why.*").first();
    assertEquals("amount", reason.<String>getAs("feature"));
    assertEquals(1e30, Double.parseDouble(reason.getAs("seen")), 1e27);
    assertTrue(Double.parseDouble(reason.getAs("expected")) < 1e6);
  }

  /** The features don't tell it: they clamp numbers, and don't know unseen levels or the day. */
  @Test
  void whatWasSeenIsTheRowsOwnValue() {
    Dataset<Row> odd =
        table
            .where("id = 5")
            .withColumn("amount", functions.lit(123456789.125))
            .withColumn("weight", functions.expr("double(null)"))
            .withColumn("color", functions.lit("never " + "seen".repeat(50)))
            .withColumn("time", functions.expr("timestamp'2024-01-04 00:10:00Z'"));
    Map<String, String> seen = new HashMap<>();
    LatentLakeModel model = fitted().copy(ParamMap.empty()).setReasons(COLUMNS.length);
    for (Row reason :
        model.transform(odd).selectExpr("explode(reasons)").select("col.*").collectAsList()) {
      seen.put(reason.getAs("feature"), reason.getAs("seen"));
    }
    String color = "never " + "seen".repeat(23) + "se…";
    assertEquals(
        Map.of(
            "amount",
            "1.23456789125E8",
            "weight",
            "missing",
            "color",
            color,
            "open",
            "false",
            "time",
            "2024-01-04T00:10:00Z"),
        seen);
  }

  @Test
  void reasonsAreNamedOrLeftOut() {
    LatentLakeModel model = fitted().copy(ParamMap.empty());
    Dataset<Row> one = model.setReasons(1).setReasonsCol("why").transform(table);
    assertEquals(ROWS, one.where("size(why) = 1").count());
    for (LatentLakeModel none :
        List.of(model.setReasons(0), model.setReasons(1).setReasonsCol(""))) {
      List<String> columns = Arrays.asList(none.transform(table).columns());
      assertFalse(columns.contains("why") || columns.contains("reasons"), columns::toString);
    }
  }

  @Test
  void rowsThatCannotBeScored() {
    Dataset<Row> infinite =
        table.withColumn("amount", functions.expr("if(id = 8, double('Infinity'), amount)"));
    LatentLakeModel model = fitted().copy(ParamMap.empty());
    assertThrows(Exception.class, () -> model.transform(infinite).collect());
    assertEquals(ROWS - 1, model.setHandleInvalid("skip").transform(infinite).count());
    Dataset<Row> kept = model.setHandleInvalid("keep").transform(infinite);
    assertEquals(1, kept.where("anomaly_score is null and reasons is null").count());
  }

  /** Nothing in it can be scored: the least odd row there can be, if it were. */
  @Test
  void aRowWithoutAnyValueCannotBeUsed() throws Exception {
    Dataset<Row> without = table;
    for (String column : COLUMNS) {
      String value = "if(id = 8, null, %s)".formatted(column);
      without = without.withColumn(column, functions.expr(value));
    }
    LatentLakeModel model = fitted().copy(ParamMap.empty());
    assertEquals(ROWS - 1, model.setHandleInvalid("skip").transform(without).count());
    Dataset<Row> kept = model.setHandleInvalid("keep").transform(without);
    assertEquals("[[8]]", nulls(kept, "anomaly_score"));
    Dataset<Row> rows = without;
    var training = assertThrows(InvalidInputException.class, () -> estimator().fit(rows));
    assertTrue(training.getMessage().contains("ALL_MISSING=1"), training::getMessage);

    String path = folder.resolve("without").toString();
    fitted().save(path);
    LatentLakeFunctions.register(table.sparkSession(), "score_or_null", path + "/model");
    assertEquals("[[8]]", nulls(rows.selectExpr("id", "score_or_null(struct(*)) s"), "s"));
    String nothing = "score_or_null(if(id < 0, struct(*), null)) s";
    assertEquals(ROWS, rows.selectExpr("id", nothing).where("s is null").count());
    try (var scorer = new RowScorer(fitted().trained())) {
      var values = new HashMap<String, Object>();
      for (String column : COLUMNS) {
        values.put(column, null);
      }
      var refused = assertThrows(InvalidInputException.class, () -> scorer.score(values));
      assertTrue(refused.getMessage().contains("ALL_MISSING"), refused::getMessage);
    }
  }

  private static String nulls(Dataset<Row> scores, String column) {
    return scores.where(column + " is null").select("id").collectAsList().toString();
  }

  /** As a stranger's may be, who lets whoever loads it ask for a page. */
  @ParameterizedTest
  @CsvSource({"config, train.seed=3", "featurePlan, { amount = log }"})
  void aSavedStageIncludesNothing(String param, String value) throws Exception {
    Path saved = folder.resolve("hostile-" + param);
    LatentLake estimator = new LatentLake().setInputCols(new String[] {"amount"});
    estimator.set(estimator.getParam(param), value);
    estimator.save(saved.toString());
    Path metadata = saved.resolve("metadata").resolve("part-00000");
    String text = Files.readString(metadata);
    String include = "include url(\\\"http://127.0.0.1:9/a.conf\\\")";
    assertTrue(text.contains(value), text);
    Files.writeString(metadata, text.replace(value, include));
    Files.delete(metadata.resolveSibling(".part-00000.crc"));
    var error = assertThrows(InvalidInputException.class, () -> LatentLake.load(saved.toString()));
    assertTrue(error.getMessage().contains("include http://127.0.0.1:9"), error.getMessage());
  }

  @Test
  void aModelOfTheCommandLineReadsTheSameColumns() throws Exception {
    String path = folder.resolve("saved").toString();
    fitted().save(path);
    LatentLakeModel same = LatentLakeModel.fromFolder(table.sparkSession(), path + "/model");
    assertEquals(
        fitted().transform(table).drop("time").orderBy("id").collectAsList().toString(),
        same.transform(table).drop("time").orderBy("id").collectAsList().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          amount,pair  | auto                     | column 'pair' is array<double>, which can't be planned
          amount,price | auto                     | no column 'price'
          amount,color | { color = log }          | it can be auto, category, hash
          amount       | { color = category }     | names the kind of 'color'
          amount,amount | auto                    | named twice
          """)
  void refusedBeforeAnyWork(String columns, String plan, String expected) {
    LatentLake bad = estimator().setInputCols(columns.split(",")).setFeaturePlan(plan);
    var refused =
        assertThrows(
            InvalidInputException.class, () -> bad.transformSchema(table.schema()), columns);
    assertTrue(refused.getMessage().contains(expected), refused::getMessage);
  }

  @Test
  void exactlyOneParamNamesTheColumns() {
    for (LatentLake bad :
        List.of(
            estimator().setFeaturesCol("weight"),
            estimator().setFeaturesCols(new String[] {"weight"}),
            new LatentLake().setFeaturesCol("weight").setFeaturePlan("auto"))) {
      assertThrows(InvalidInputException.class, () -> bad.transformSchema(table.schema()));
    }
  }

  @Test
  void aModelOfAPlanReadsNoOtherColumns() {
    LatentLakeModel model = fitted().copy(ParamMap.empty()).setFeaturesCol("weight");
    var refused =
        assertThrows(
            InvalidInputException.class, () -> model.transformSchema(table.schema()), "ignored");
    assertTrue(refused.getMessage().contains("featuresCol and inputCols"), refused::getMessage);
  }

  /** HOCON's paths are columns' names, with quotes around them or not. */
  @ParameterizedTest
  @ValueSource(strings = {"{ side.left = robust }", "{ \"side.left\" = robust }"})
  void theKindOfANestedColumn(String plan) {
    Dataset<Row> nested = table.selectExpr("named_struct('left', weight) as side");
    LatentLake given = estimator().setInputCols(new String[] {"side.left"}).setFeaturePlan(plan);
    given.transformSchema(nested.schema());
    var unknown =
        assertThrows(
            InvalidInputException.class, () -> estimator().setFeaturePlan("{ side.left = {} }"));
    assertTrue(unknown.getMessage().contains("unknown kind '{}'"), unknown::getMessage);
  }

  @Test
  void arraysAreExplainedByTheirElements() {
    String explained = estimator().setEncoder(new int[] {8, 4}).explainParams();
    assertTrue(explained.contains("current: [amount, weight, color, open, time]"), explained);
    assertTrue(explained.contains("current: [8, 4]"), explained);
    assertFalse(explained.contains("[L") || explained.contains("[I@"), explained);
    assertFalse(fitted().explainParams().contains("[L"), fitted().explainParams());
  }

  @Test
  void anotherTypeIsRefused() {
    Dataset<Row> text = table.withColumn("weight", functions.expr("'heavy'"));
    assertThrows(InvalidInputException.class, () -> fitted().transformSchema(text.schema()));
  }
}
