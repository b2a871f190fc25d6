package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.data.FeatureColumn.Kind;
import io.latentlake.data.FeaturePlanner;
import io.latentlake.model.TrainedVae;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of every type go along unchanged, beside scores and beside the reason of a rejection. */
class KeptColumnsTest {
  private static final int ROWS = 500;
  private static final int BAD_EVERY = 9;
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("image", DataTypes.BinaryType)
          .add("dotted.`name", DataTypes.StringType)
          .add("small", DataTypes.createDecimalType(9, 2))
          .add("large", DataTypes.createDecimalType(38, 10))
          .add("at", DataTypes.TimestampType)
          .add("flag", DataTypes.BooleanType)
          .add("vector", SQLDataTypes.VectorType())
          .add("words", DataTypes.createArrayType(DataTypes.StringType))
          .add("counts", DataTypes.createMapType(DataTypes.StringType, DataTypes.IntegerType))
          .add(
              "nested",
              new StructType()
                  .add("number", DataTypes.FloatType)
                  .add("inner", new StructType().add("text", DataTypes.StringType)));

  @TempDir static Path folder;

  private static Dataset<Row> table;
  private static TrainedVae model;

  /** More rows than two tasks' batches hold, so that what isn't copied would be written over. */
  @BeforeAll
  static void writeTable() {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < ROWS; id++) {
      rows.add(row(id));
    }
    Dataset<Row> made = SharedSpark.session().createDataFrame(rows, SCHEMA);
    String parquet = SmallTables.parquet(made.repartition(2), folder.resolve("table"));
    table = SharedSpark.session().read().parquet(parquet);
    model =
        new RandomModel("model { encoder = [8], latent = 2, decoder = [8] }, score.batch-size = 16")
            .reading("image", Kind.BYTES, 3, table);
  }

  /** A row of every type; in every third one, each column that may be null is. */
  private static Row row(int id) {
    boolean bad = id % BAD_EVERY == 0;
    byte[] image = bad ? null : new byte[] {(byte) id, (byte) (2 * id), (byte) (id / 2)};
    if (id % 3 == 1) {
      return RowFactory.create(
          (long) id, image, null, null, null, null, null, null, null, null, null);
    }
    String text = "row " + id + "!".repeat(id % 50);
    return RowFactory.create(
        (long) id,
        image,
        text,
        BigDecimal.valueOf(id, 2),
        new BigDecimal("1234567890123456789012345678.1234567890").add(BigDecimal.valueOf(id)),
        new Timestamp(1_600_000_000_123L + id),
        id % 2 == 0,
        id % 2 == 0
            ? Vectors.dense(id, 0, 1)
            : Vectors.sparse(9, new int[] {id % 9}, new double[] {id}),
        new String[] {text, null, "z"},
        Map.of(text, id),
        RowFactory.create(id % 5 == 0 ? null : id / 3f, RowFactory.create(text)));
  }

  /** The named columns under plain names and bytes as text, which the comparison wants. */
  private static Dataset<Row> only(Dataset<Row> rows, List<String> names) {
    Column[] columns = new Column[names.size()];
    for (int i = 0; i < columns.length; i++) {
      Column column = FeaturePlanner.quoted(names.get(i));
      columns[i] = (names.get(i).equals("image") ? functions.hex(column) : column).as("column" + i);
    }
    return rows.select(columns);
  }

  @Test
  void goAlongUnchanged() throws IOException {
    var scored = RandomModel.score(model, table, folder.resolve("all"), SCHEMA.fieldNames());
    List<String> names = Arrays.asList(SCHEMA.fieldNames());
    SameRows.assertSame(only(table.where("image is not null"), names), only(scored.rows(), names));
    Dataset<Row> rejected =
        SharedSpark.session().read().parquet(scored.folder().resolve("_rejected").toString());
    SameRows.assertSame(only(table.where("image is null"), names), only(rejected, names));
    assertEquals((ROWS + BAD_EVERY - 1) / BAD_EVERY, scored.counts().rejected());
  }

  @Test
  void goAlongInTheOrderTheyAreNamed() throws IOException {
    var scored = RandomModel.score(model, table, folder.resolve("some"), "nested", "id");
    SameRows.assertSame(
        only(table.where("image is not null"), List.of("nested", "id")),
        only(scored.rows(), List.of("nested", "id")));
    assertEquals("nested", scored.rows().columns()[0]);
  }

  @Test
  void maybeNone() throws IOException {
    var scored = RandomModel.score(model, table, folder.resolve("none"));
    assertArrayEquals(
        ScoreColumns.withOrigin(ScoreColumns.SCHEMA).fieldNames(), scored.rows().columns());
    assertEquals(scored.counts().scored(), scored.rows().count());
  }
}
