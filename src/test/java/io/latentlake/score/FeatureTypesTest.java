package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.SharedSpark;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeatureColumn.Kind;
import io.latentlake.data.RowEncoder;
import io.latentlake.model.TrainedVae;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same numbers give the same scores, whatever type of column holds them. */
class FeatureTypesTest {
  private static final int ROWS = 600;
  private static final int WIDTH = 3;
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);
  private static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType);
  private static final RandomModel PIXELS =
      new RandomModel("model { encoder = [8], latent = 2, decoder = [8] }");
  private static final RandomModel NUMBERS =
      new RandomModel(
          "model { encoder = [8], latent = 2, decoder = [8], likelihood.family = gaussian }");

  private static final List<String> NUMBER_TYPES =
      List.of(
          "tinyint",
          "smallint",
          "int",
          "bigint",
          "float",
          "double",
          "decimal(9,1)",
          "decimal(12,3)",
          "decimal(38,10)");

  @TempDir static Path folder;

  private static Dataset<Row> pixels;
  private static Dataset<Row> pixelScores;
  private static Dataset<Row> numbers;
  private static Dataset<Row> numberScores;

  @BeforeAll
  static void scoreArrays() throws IOException {
    pixels = pixels().cache();
    pixelScores = score(PIXELS.reading("floats", Kind.ARRAY, WIDTH, pixels), pixels, "pixels");
    numbers = numbers().cache();
    numberScores =
        score(NUMBERS.reading("doubles", Kind.ARRAY, WIDTH, numbers), numbers, "numbers");
    assertEquals(ROWS, pixelScores.count());
    assertEquals(ROWS, numberScores.count());
  }

  private static Dataset<Row> score(TrainedVae model, Dataset<Row> table, String name)
      throws IOException {
    // Another kind of column is another plan, and so another model's name.
    return RandomModel.score(model, table, folder.resolve(name), "id")
        .rows()
        .drop(ScoreColumns.MODEL_ID);
  }

  /** Bytes, and what they are worth in the other types. */
  private static Dataset<Row> pixels() {
    var random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (long id = 0; id < ROWS; id++) {
      var bytes = new byte[WIDTH];
      random.nextBytes(bytes);
      bytes[(int) id % WIDTH] = 0;
      var floats = new Float[WIDTH];
      var doubles = new double[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        floats[i] = (bytes[i] & 0xff) * RowEncoder.BYTE_STEP;
        doubles[i] = floats[i];
      }
      rows.add(
          RowFactory.create(
              id, bytes, floats, Vectors.dense(doubles), Vectors.dense(doubles).toSparse()));
    }
    return SharedSpark.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("id", DataTypes.LongType)
                .add("binary", DataTypes.BinaryType)
                .add("floats", FLOATS)
                .add("dense", SQLDataTypes.VectorType())
                .add("sparse", SQLDataTypes.VectorType()));
  }

  /** Whole numbers in every numeric type; three columns each. */
  private static Dataset<Row> numbers() {
    var random = new Random(2);
    List<Row> rows = new ArrayList<>();
    for (long id = 0; id < ROWS; id++) {
      var doubles = new Double[] {0.0, 0.0, 0.0};
      var values = new ArrayList<Object>(List.of(id, doubles));
      for (int i = 0; i < WIDTH; i++) {
        doubles[i] = (double) (random.nextInt(21) - 10);
        values.add(new BigDecimal(doubles[i]));
      }
      rows.add(RowFactory.create(values.toArray()));
    }
    var schema = new StructType().add("id", DataTypes.LongType).add("doubles", DOUBLES);
    for (int i = 0; i < WIDTH; i++) {
      schema = schema.add("number" + i, DataTypes.createDecimalType(12, 3));
    }
    Dataset<Row> table = SharedSpark.session().createDataFrame(rows, schema);
    for (String type : NUMBER_TYPES) {
      for (int i = 0; i < WIDTH; i++) {
        table = table.withColumn(type + i, table.col("number" + i).cast(type));
      }
    }
    return table;
  }

  @Test
  void binary() throws IOException {
    TrainedVae model = PIXELS.reading("binary", Kind.BYTES, WIDTH, pixels);
    SameRows.assertSame(pixelScores, score(model, pixels, "binary"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dense", "sparse"})
  void vector(String column) throws IOException {
    TrainedVae model = PIXELS.reading(column, Kind.VECTOR, WIDTH, pixels);
    SameRows.assertSame(pixelScores, score(model, pixels, column));
  }

  @Test
  void arrayOfDoubles() throws IOException {
    Dataset<Row> table = pixels.withColumn("doubles", pixels.col("floats").cast(DOUBLES));
    TrainedVae model = PIXELS.reading("doubles", Kind.ARRAY, WIDTH, table);
    SameRows.assertSame(pixelScores, score(model, table, "doubles"));
  }

  @ParameterizedTest
  @FieldSource("NUMBER_TYPES")
  void scalars(String type) throws IOException {
    List<FeatureColumn> columns = new ArrayList<>();
    for (int i = 0; i < WIDTH; i++) {
      columns.add(new FeatureColumn(type + i, Kind.NUMBER, 1));
    }
    TrainedVae model = NUMBERS.reading(columns, numbers);
    SameRows.assertSame(numberScores, score(model, numbers, type));
  }

  @Test
  void columnsOfSeveralKindsOneBehindTheOther() throws IOException {
    Dataset<Row> table =
        pixels
            .selectExpr("id", "binary", "floats", "slice(floats, 2, 2) as rest")
            .selectExpr("id", "floats[0] as first", "rest");
    TrainedVae model =
        PIXELS.reading(
            List.of(
                new FeatureColumn("first", Kind.NUMBER, 1),
                new FeatureColumn("rest", Kind.ARRAY, WIDTH - 1)),
            table);
    SameRows.assertSame(pixelScores, score(model, table, "several"));
  }
}
