package io.latentlake.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SmallTables;
import io.latentlake.model.ModelFolder;
import io.latentlake.score.ScoreColumns;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/** {@link LatentLake} and {@link LatentLakeModel} as stages of Spark ML. */
class LatentLakeTest extends StageContract<LatentLake, LatentLakeModel> {
  // A frequency that is measured may differ from run to run, and with it the weights.
  private static final String CONFIGURATION =
      SmallTables.NUMBERS_CONFIGURATION + "train.averaging-frequency = 2";

  private final Dataset<Row> table =
      new VectorAssembler()
          .setInputCols(new String[] {"left", "right"})
          .setOutputCol("features")
          .transform(SmallTables.numbers(200))
          .cache();

  @Override
  LatentLake estimator() {
    return new LatentLake().setConfig(CONFIGURATION);
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
    return Map.ofEntries(
        Map.entry("featuresCol", "x"),
        Map.entry("conditionCols", new String[] {"kind"}),
        Map.entry("handleInvalid", "keep"),
        Map.entry("variant", "beta-vae"),
        Map.entry("encoder", new int[] {8, 4}),
        Map.entry("decoder", new int[] {}),
        Map.entry("latent", 3),
        Map.entry("likelihood", "laplace"),
        Map.entry("beta", 2.5),
        Map.entry("epochs", 7),
        Map.entry("batchSize", 16),
        Map.entry("learningRate", 0.5),
        Map.entry("workers", 3),
        Map.entry("seed", 1L << 40),
        Map.entry("contamination", 0.125),
        Map.entry("scoreKind", "latent_distance"),
        Map.entry("latentCol", ""),
        Map.entry("elboCol", "evidence"),
        Map.entry("modelIdCol", "model"),
        Map.entry("scoredAtCol", "scored_at"));
  }

  @Override
  Map<String, Object> badParams() {
    return Map.of(
        "latent",
        0,
        "encoder",
        new int[] {4, -1},
        "beta",
        -1.0,
        "epochs",
        0,
        "learningRate",
        0.0,
        "workers",
        -1,
        "contamination",
        0.9,
        "handleInvalid",
        "ignore",
        "config",
        "train.epoch = 3");
  }

  @Override
  Set<String> addedColumns() {
    return Set.of(
        ScoreColumns.RECONSTRUCTION_ERROR,
        ScoreColumns.SQUARED_ERROR,
        ScoreColumns.KL,
        ScoreColumns.ELBO,
        ScoreColumns.RAW_SCORE,
        ScoreColumns.ANOMALY_SCORE,
        ScoreColumns.IS_ANOMALY,
        ScoreColumns.LATENT,
        ScoreColumns.MODEL_ID);
  }

  @Override
  String featuresColumn() {
    return "features";
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
        model.trained().configuration(),
        model.trained().requireCalibration().threshold(),
        model.trained().provenance());
  }

  @Test
  void settingsAreThoseOfTheConfiguration() {
    Configuration defaults = Configuration.defaults();
    assertEquals(defaults, new LatentLake().declared().configuration());
    var set = new LatentLake().setConfig("train { epochs = 3, batch-size = 7 }").setEpochs(5);
    assertEquals(5, set.declared().configuration().train().epochs());
    assertEquals(7, set.declared().configuration().train().batchSize());
    var noNumber =
        assertThrows(
            InvalidInputException.class, () -> new LatentLake().setContamination(Double.NaN));
    assertEquals("score.contamination = NaN: must be a finite number", noNumber.getMessage());
    assertTrue(set.explainParams().contains("Share of the training rows"), set::explainParams);
  }

  @Test
  void whatOneParamAloneCannotTellIsRefusedBeforeAnyWork() {
    for (LatentLake bad :
        List.of(
            estimator().setVariant("transformer"),
            estimator().setVariant("conditional-vae"),
            estimator().setConditionCols(new String[] {"kind"}),
            estimator().setLikelihood("normal"),
            estimator().setFeaturesCol("features").setFeaturesCols(new String[] {"left"}),
            estimator().setFeaturesCol("kind"),
            estimator().setElboCol("Anomaly_Score"))) {
      assertThrows(
          InvalidInputException.class,
          () -> bad.transformSchema(table.schema()),
          () -> bad.extractParamMap().toString());
    }
  }

  @Test
  void outputColumns() {
    LatentLakeModel model = fitted().copy(ParamMap.empty());
    model.setAnomalyScoreCol("score").setElboCol("").setKlCol("").setSquaredErrorCol("");
    model.setReconstructionErrorCol("").setRawScoreCol("").setIsAnomalyCol("odd").setLatentCol("");
    model.setModelIdCol("");
    assertEquals(List.of("score", "odd"), added(model));
    model.setScoredAtCol("at").setModelIdCol("by");
    assertEquals(List.of("score", "odd", "by", "at"), added(model));
    assertEquals(model.transformSchema(table.schema()), model.transform(table).schema());
    model.setAnomalyScoreCol("").setIsAnomalyCol("");
    var none =
        assertThrows(InvalidInputException.class, () -> model.transformSchema(table.schema()));
    assertTrue(none.getMessage().contains("anomalyScoreCol"), none.getMessage());
  }

  private List<String> added(LatentLakeModel model) {
    String[] columns = model.transform(table).columns();
    return Arrays.asList(columns).subList(table.columns().length, columns.length);
  }

  @Test
  void whereTheScoresComeFrom() {
    LatentLakeModel model = fitted().copy(ParamMap.empty()).setScoredAtCol("scored_at");
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    List<Row> origins =
        model.transform(table).select("model_id", "scored_at").distinct().collectAsList();
    assertEquals(1, origins.size());
    assertEquals(ModelFolder.id(fitted().trained()), origins.get(0).getString(0));
    Instant scored = origins.get(0).getTimestamp(1).toInstant();
    assertFalse(scored.isBefore(before) || scored.isAfter(Instant.now()), scored::toString);
  }

  @Test
  void severalColumns() {
    LatentLakeModel model =
        estimator().setFeaturesCols(new String[] {"left", "right"}).fit(table.drop("features"));
    // The same numbers, whether in one column or in two.
    Dataset<Row> found = model.transform(table);
    assertEquals(
        scores(fitted().transform(table)), scores(found), "by vector, then by two columns");
  }

  private static List<Row> scores(Dataset<Row> scored) {
    return scored.orderBy("id").select("id", "elbo", "anomaly_score", "latent").collectAsList();
  }

  @Test
  void condition() {
    LatentLakeModel model =
        estimator()
            .setVariant("conditional-vae")
            .setConditionCols(new String[] {"kind"})
            .fit(table);
    assertEquals(200, model.transform(table).where("anomaly_score > 0").count());
    assertThrows(
        InvalidInputException.class, () -> model.transformSchema(table.drop("kind").schema()));
  }

  @Test
  void summary() {
    LatentLakeSummary summary = fitted().summary();
    assertEquals(2, summary.totalIterations());
    double[] loss = summary.objectiveHistory();
    assertTrue(loss[1] < loss[0], () -> Arrays.toString(loss));
    assertEquals(200, summary.rows());
    assertEquals(0, summary.rejectedRows());
    assertTrue(summary.seconds() > 0);
    assertTrue(fitted().copy(ParamMap.empty()).hasSummary());
  }

  @Test
  void loadedModelsHaveTheirSummary() throws Exception {
    String path = folder.resolve("with-summary").toString();
    fitted().save(path);
    LatentLakeModel loaded = LatentLakeModel.load(path);
    assertEquals(fitted().summary().seconds(), loaded.summary().seconds());
    assertArrayEquals(
        fitted().summary().objectiveHistory(), loaded.summary().objectiveHistory(), 1e-12);
    assertEquals(200, loaded.summary().rows());
    // And once more.
    loaded.save(path + "-again");
    assertEquals(2, LatentLakeModel.load(path + "-again").summary().totalIterations());
    // The model itself is a folder that every command reads.
    Files.delete(Path.of(path, "model", "history.json"));
    LatentLakeModel again = LatentLakeModel.fromFolder(table.sparkSession(), path + "/model");
    assertFalse(again.hasSummary());
    assertThrows(IllegalStateException.class, again::summary);
    assertEquals(modelData(loaded), modelData(again));
    assertEquals(scores(loaded.transform(table)), scores(again.transform(table)));
  }

  @Test
  void amongOtherStages() throws Exception {
    Dataset<Row> raw = SmallTables.numbers(200);
    var assembler =
        new VectorAssembler().setInputCols(new String[] {"left", "right"}).setOutputCol("raw");
    var scaler = new StandardScaler().setInputCol("raw").setOutputCol("features");
    var pipeline = new Pipeline().setStages(new PipelineStage[] {assembler, scaler, estimator()});
    PipelineModel model = pipeline.fit(raw);
    String path = folder.resolve("stages").toString();
    model.save(path);
    List<Row> expected = scores(model.transform(raw));
    assertEquals(200, expected.size());
    assertEquals(expected, scores(PipelineModel.load(path).transform(raw)));
  }

  @Test
  void trainValidationSplitByLabels() {
    LatentLake estimator = estimator();
    Dataset<Row> labelled = table.withColumn("label", functions.expr("if(kind = 'odd', 1.0, 0.0)"));
    TrainValidationSplitModel best =
        new TrainValidationSplit()
            .setEstimator(estimator)
            .setEstimatorParamMaps(
                new ParamGridBuilder().addGrid(estimator.latent(), new int[] {1, 2}).build())
            .setEvaluator(new BinaryClassificationEvaluator().setRawPredictionCol("anomaly_score"))
            .setSeed(3)
            .fit(labelled);
    assertTrue(best.validationMetrics()[0] > 0.9, () -> Arrays.toString(best.validationMetrics()));
  }

  @Test
  void elboIsTheMean() throws Exception {
    Dataset<Row> scored = fitted().transform(table);
    double mean =
        scored.select("elbo").collectAsList().stream()
            .mapToDouble(row -> row.getDouble(0))
            .average()
            .orElseThrow();
    var evaluator = new ElboEvaluator();
    assertEquals(mean, evaluator.evaluate(scored), 1e-9 * Math.abs(mean));
    assertTrue(evaluator.isLargerBetter());
    String path = folder.resolve("evaluator").toString();
    evaluator.setElboCol("bound").save(path);
    ElboEvaluator read = ElboEvaluator.load(path);
    assertEquals(mean, read.evaluate(scored.withColumnRenamed("elbo", "bound")), 1e-9 * -mean);
    assertThrows(
        InvalidInputException.class, () -> new ElboEvaluator().evaluate(scored.where("id < 0")));
  }
}
