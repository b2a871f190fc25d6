package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeatureColumn.Kind;
import io.latentlake.data.Format;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.TrainedVae;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gaps are filled, in every kind of column, and nothing else is touched. */
class ImputationTest {
  private static final int ROWS = 300;
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("amount", DataTypes.DoubleType)
          .add("count", DataTypes.LongType)
          .add("values", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("vector", SQLDataTypes.VectorType())
          .add("mask", DataTypes.createArrayType(DataTypes.DoubleType));

  @TempDir static Path folder;

  private static Dataset<Row> whole;
  private static Dataset<Row> gaps;
  private static TrainedVae model;

  @BeforeAll
  static void tables() throws IOException {
    var random = new Random(3);
    List<Row> complete = new ArrayList<>();
    List<Row> missing = new ArrayList<>();
    for (long id = 0; id < ROWS; id++) {
      double amount = random.nextGaussian() / 3;
      long count = random.nextInt(1 << 30) - (1L << 29);
      var values = new Double[] {random.nextGaussian(), random.nextGaussian(), 1.0 / (id + 3)};
      var vector = new double[] {random.nextGaussian(), id % 7};
      var mask = new Double[] {0.0, id % 5 == 0 ? 1.0 : 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
      complete.add(
          RowFactory.create(
              id, amount, count, values.clone(), Vectors.dense(vector.clone()), mask));
      Double hiddenAmount = id % 2 == 0 ? null : amount;
      values[0] = id % 3 == 0 ? null : values[0];
      values[1] = id % 3 == 1 ? Double.NaN : values[1];
      vector[0] = id % 4 == 0 ? Double.NaN : vector[0];
      missing.add(
          RowFactory.create(
              id, hiddenAmount, id % 6 == 5 ? null : count, values, Vectors.dense(vector), mask));
    }
    whole = SharedSpark.session().createDataFrame(complete, SCHEMA).cache();
    gaps = SharedSpark.session().createDataFrame(missing, SCHEMA).repartition(3).cache();
    model =
        new RandomModel(
                "model { encoder = [8], latent = 2, decoder = [8], likelihood.family = gaussian }")
            .reading(
                List.of(
                    new FeatureColumn("amount", Kind.NUMBER, 1),
                    new FeatureColumn("count", Kind.NUMBER, 1),
                    new FeatureColumn("values", Kind.ARRAY, 3),
                    new FeatureColumn("vector", Kind.VECTOR, 2)),
                whole);
  }

  private record Imputed(Imputation.Result result, Dataset<Row> rows) {}

  private static Imputed impute(Dataset<Row> table, String name, Optional<String> mask)
      throws IOException {
    var spark = SharedSpark.session();
    String output = folder.resolve(name).toString();
    var request =
        new TableJob.Request(
            "table", table, List.of("id", "mask"), Format.PARQUET, OnBadRow.REJECT);
    try (var staged = StagedFolder.create(output, false, spark.sessionState().newHadoopConf())) {
      var settings = new Imputation.Settings(Optional.empty(), mask, 20);
      var result = new Imputation(spark, model, settings).run(request, staged);
      return new Imputed(result, spark.read().parquet(output));
    }
  }

  @Test
  void observedValuesStayToTheBit() throws IOException {
    Imputed imputed = impute(gaps, "filled", Optional.empty());
    assertEquals(ROWS, imputed.rows().count());
    assertEquals(150 + 50 + 100 + 100 + 75, imputed.result().filled());
    List<Row> before = gaps.orderBy("id").collectAsList();
    List<Row> after = imputed.rows().orderBy("id").collectAsList();
    for (int i = 0; i < ROWS; i++) {
      Row old = before.get(i);
      Row filled = after.get(i);
      same(old.getAs("amount"), filled.<Double>getAs("amount"));
      if (old.getAs("count") != null) {
        assertEquals(old.<Long>getAs("count"), filled.<Long>getAs("count"));
      }
      List<Double> oldValues = old.getList(old.fieldIndex("values"));
      List<Double> newValues = filled.getList(filled.fieldIndex("values"));
      for (int j = 0; j < 3; j++) {
        same(oldValues.get(j), newValues.get(j));
      }
      double[] oldVector = old.<Vector>getAs("vector").toArray();
      double[] newVector = filled.<Vector>getAs("vector").toArray();
      for (int j = 0; j < 2; j++) {
        same(oldVector[j], newVector[j]);
      }
    }
  }

  private static void same(Double before, Double after) {
    assertTrue(Double.isFinite(after), "a gap is left");
    if (before != null && !before.isNaN()) {
      assertEquals(Double.doubleToRawLongBits(before), Double.doubleToRawLongBits(after));
    }
  }

  @Test
  void typesStayWhatTheyAre() throws IOException {
    Dataset<Row> rows = impute(gaps, "types", Optional.empty()).rows();
    for (String column : List.of("amount", "count", "values", "vector")) {
      assertEquals(
          SCHEMA.apply(column).dataType().simpleString(),
          rows.schema().apply(column).dataType().simpleString());
    }
  }

  @Test
  void maskColumnSaysWhatIsMissing() throws IOException {
    Imputed imputed = impute(whole, "masked", Optional.of("mask"));
    assertEquals(60, imputed.result().filled());
    Dataset<Row> counts =
        imputed
            .rows()
            .select("id", "count")
            .withColumnRenamed("count", "filled")
            .join(whole.select("id", "count"), "id");
    assertEquals(0, counts.where("id % 5 != 0 and filled != count").count());
    assertEquals(0, counts.where("id % 5 = 0 and filled = count").count());
  }

  @Test
  void aRowIsFilledAlikeWhateverThePartitions() throws IOException {
    Dataset<Row> dealt = gaps.orderBy(functions.rand(4)).repartition(5);
    SameRows.assertSame(
        impute(gaps, "three", Optional.empty()).rows().select("id", "amount", "count", "values"),
        impute(dealt, "five", Optional.empty()).rows().select("id", "amount", "count", "values"));
  }

  @Test
  void wholeNumbersAreRounded() throws IOException {
    Dataset<Row> rows = impute(gaps, "whole", Optional.empty()).rows();
    assertFalse(rows.where("id % 6 = 5 and count is not null").isEmpty());
  }
}
