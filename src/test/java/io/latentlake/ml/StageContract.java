package io.latentlake.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.score.SameRows;
import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;

/**
 * What every estimator and its model must do to be a citizen of Spark ML; a test class for one of
 * them says what is particular to it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StageContract<E extends Estimator<M>, M extends Model<M>> {
  @TempDir Path folder;

  private M fitted;

  /** A fresh estimator that trains in a second on {@link #table}. */
  abstract E estimator();

  /** An estimator and a model as a pipeline's persistence loads them. */
  abstract E loadEstimator(String path);

  abstract M loadModel(String path);

  abstract Dataset<Row> table();

  /** Some params by name, with other values than their defaults. */
  abstract Map<String, Object> someParams();

  /** Params by name, with values that must be refused when they are set. */
  abstract Map<String, Object> badParams();

  /** What transforming adds, by name. */
  abstract Set<String> addedColumns();

  /** The column that gives features, and one that can't. */
  abstract String featuresColumn();

  /** Two choices of params, of which the evaluator prefers the second. */
  abstract ParamMap[] worseAndBetter(E estimator);

  abstract Evaluator evaluator();

  /** What the model knows, for the comparison of two: no columns, but what it was fitted to. */
  abstract Object modelData(M model);

  @BeforeAll
  void fit() {
    fitted = estimator().fit(table());
  }

  M fitted() {
    return fitted;
  }

  @Test
  void params() {
    E fresh = estimator();
    for (Param<?> param : fresh.params()) {
      assertEquals(fresh.uid(), param.parent(), param.name());
      assertFalse(param.doc().isBlank(), param.name());
      assertTrue(fresh.explainParams().contains(param.name() + ": "), param.name());
      assertTrue(fitted.hasParam(param.name()), param.name() + " is not the model's");
    }
    someParams()
        .forEach(
            (name, value) -> {
              fresh.set(fresh.getParam(name), value);
              assertEquals(text(value), text(fresh.getOrDefault(fresh.getParam(name))), name);
            });
    badParams()
        .forEach(
            (name, value) ->
                assertThrows(
                    InvalidInputException.class,
                    () -> fresh.set(fresh.getParam(name), value),
                    () -> name + " = " + text(value)));
  }

  @Test
  void schema() {
    StructType given = estimator().transformSchema(table().schema());
    assertEquals(given, fitted.transformSchema(table().schema()));
    Dataset<Row> transformed = fitted.transform(table());
    assertEquals(given, transformed.schema());
    assertEquals(
        addedColumns(),
        Arrays.stream(given.fieldNames())
            .skip(table().columns().length)
            .collect(Collectors.toSet()));
    Dataset<Row> without = table().drop(featuresColumn());
    Dataset<Row> clashing = table().withColumnRenamed("id", addedColumns().iterator().next());
    for (Dataset<Row> bad : List.of(without, clashing)) {
      for (PipelineStage stage : List.of(estimator(), fitted)) {
        assertThrows(
            InvalidInputException.class, () -> stage.transformSchema(bad.schema()), stage::uid);
      }
      assertThrows(InvalidInputException.class, () -> estimator().fit(bad));
      assertThrows(InvalidInputException.class, () -> fitted.transform(bad));
    }
  }

  @Test
  void fitAndTransform() {
    Dataset<Row> transformed = fitted.transform(table());
    assertEquals(table().count(), transformed.count());
    // Again, in other partitions, and beside another run over the same rows: the same.
    SameRows.assertSame(transformed, fitted.transform(table().repartition(3)));
    SameRows.assertSame(table(), transformed.selectExpr(table().columns()));
  }

  @Test
  void saveAndLoad() throws IOException {
    E estimator = estimator();
    someParams().forEach((name, value) -> estimator.set(estimator.getParam(name), value));
    String path = folder.resolve("estimator").toString();
    ((MLWritable) estimator).save(path);
    E read = loadEstimator(path);
    assertEquals(estimator.uid(), read.uid());
    assertEquals(values(estimator), values(read));

    String modelPath = folder.resolve("model").toString();
    ((MLWritable) fitted).save(modelPath);
    assertThrows(IOException.class, () -> ((MLWritable) fitted).save(modelPath));
    ((MLWritable) fitted).write().overwrite().save(modelPath);
    M loaded = loadModel(modelPath);
    assertEquals(fitted.uid(), loaded.uid());
    assertEquals(values(fitted), values(loaded));
    SameRows.assertSame(fitted.transform(table()), loaded.transform(table()));
    assertNoJavaObject(Path.of(modelPath));
  }

  /** Java's serialization begins with ac ed. */
  private static void assertNoJavaObject(Path saved) throws IOException {
    try (var files = Files.walk(saved)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        boolean java = content.length > 1 && content[0] == (byte) 0xac && content[1] == (byte) 0xed;
        assertFalse(java, file::toString);
      }
    }
  }

  @Test
  void modelData() throws IOException {
    String path = folder.resolve("data").toString();
    ((MLWritable) fitted).save(path);
    assertEquals(modelData(fitted), modelData(loadModel(path)));
    assertEquals(modelData(fitted), modelData(fitted.copy(ParamMap.empty())));
  }

  @Test
  void copies() {
    E estimator = estimator();
    Map<String, String> before = values(estimator);
    var extra = new ParamMap();
    someParams().forEach((name, value) -> extra.put(estimator.getParam(name), value));
    Estimator<M> copy = estimator.copy(extra);
    assertNotSame(estimator, copy);
    assertEquals(estimator.uid(), copy.uid());
    someParams()
        .forEach(
            (name, value) ->
                assertEquals(text(value), text(copy.getOrDefault(copy.getParam(name))), name));
    assertEquals(before, values(estimator));
    M modelCopy = fitted.copy(ParamMap.empty());
    assertEquals(fitted.uid(), modelCopy.uid());
    assertSame(fitted.parent(), modelCopy.parent());
    assertEquals(values(fitted), values(modelCopy));
    SameRows.assertSame(fitted.transform(table()), modelCopy.transform(table()));
  }

  @Test
  void pipeline() throws IOException {
    var pipeline = new Pipeline().setStages(new PipelineStage[] {estimator()});
    PipelineModel model = pipeline.fit(table());
    Dataset<Row> expected = model.transform(table());
    String path = folder.resolve("pipeline").toString();
    model.save(path);
    SameRows.assertSame(expected, PipelineModel.load(path).transform(table()));
    String unfitted = folder.resolve("unfitted").toString();
    pipeline.save(unfitted);
    assertEquals(values(pipeline.getStages()[0]), values(Pipeline.load(unfitted).getStages()[0]));
  }

  @Test
  void crossValidation() throws IOException {
    E estimator = estimator();
    ParamMap[] grid = worseAndBetter(estimator);
    CrossValidatorModel best =
        new CrossValidator()
            .setEstimator(estimator)
            .setEstimatorParamMaps(grid)
            .setEvaluator(evaluator())
            .setNumFolds(2)
            .setSeed(3)
            .fit(table());
    double[] metrics = best.avgMetrics();
    assertTrue(metrics[1] > metrics[0], () -> Arrays.toString(metrics));
    for (var pair : JavaConverters.seqAsJavaList(grid[1].toSeq())) {
      assertEquals(pair.value(), best.bestModel().getOrDefault(pair.param()));
    }
    String path = folder.resolve("cross-validated").toString();
    best.save(path);
    SameRows.assertSame(best.transform(table()), CrossValidatorModel.load(path).transform(table()));
  }

  /** The values that are set, or defaults, by name. */
  private static Map<String, String> values(Params stage) {
    return Arrays.stream(stage.params())
        .filter(stage::isDefined)
        .collect(
            Collectors.toMap(
                Param::name, param -> text(stage.getOrDefault(param)) + stage.isSet(param)));
  }

  private static String text(Object value) {
    if (value instanceof int[] sizes) {
      return Arrays.toString(sizes);
    }
    return value instanceof Object[] texts ? Arrays.toString(texts) : String.valueOf(value);
  }
}
