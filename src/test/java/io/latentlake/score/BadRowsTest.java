package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.latentlake.SharedSpark;
import io.latentlake.data.FeatureColumn.Kind;
import io.latentlake.data.RejectReason;
import io.latentlake.model.TrainedVae;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that can't be scored are kept apart, whole, with the reason, and counted. */
class BadRowsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("note", DataTypes.StringType)
          .add("values", DataTypes.createArrayType(DataTypes.DoubleType));

  private static final Map<RejectReason, Double[][]> BAD =
      Map.of(
          RejectReason.NULL_VALUE, new Double[][] {null, {0.1, null, 0.3}},
          RejectReason.NOT_A_NUMBER, new Double[][] {{Double.NaN, 0.2, 0.3}},
          RejectReason.INFINITE_VALUE,
              new Double[][] {
                {0.1, Double.POSITIVE_INFINITY, 0.3},
                {0.1, Double.NEGATIVE_INFINITY, 0.3},
                {0.1, 1e300, 0.3}
              },
          RejectReason.WRONG_LENGTH, new Double[][] {{0.1, 0.2}, {0.1, 0.2, 0.3, 0.4}, {}},
          RejectReason.OUT_OF_RANGE, new Double[][] {{0.1, 0.2, 1.001}, {-0.001, 0.2, 0.3}});

  private static final int GOOD_ROWS = 1500;

  @TempDir static Path folder;

  private static Dataset<Row> table;
  private static Dataset<Row> good;
  private static Dataset<Row> bad;
  private static TrainedVae model;
  private static RandomModel.Scored scored;

  @BeforeAll
  static void score() throws IOException {
    List<Row> goodRows = new ArrayList<>();
    for (long id = 0; id < GOOD_ROWS; id++) {
      var values = new Double[] {id % 10 / 9.0, id % 7 / 6.0, id % 3 / 2.0};
      goodRows.add(RowFactory.create(id, "good " + id, values));
    }
    List<Row> badRows = new ArrayList<>();
    BAD.forEach(
        (reason, rows) -> {
          for (Double[] values : rows) {
            badRows.add(RowFactory.create(GOOD_ROWS + 7L * badRows.size(), reason.name(), values));
          }
        });
    good = SharedSpark.session().createDataFrame(goodRows, SCHEMA);
    bad = SharedSpark.session().createDataFrame(badRows, SCHEMA);
    table = bad.union(good).orderBy(functions.hash(functions.col("id"))).repartition(3).cache();
    model =
        new RandomModel("model { encoder = [8], latent = 2, decoder = [8] }")
            .reading("values", Kind.ARRAY, 3, good);
    scored = RandomModel.score(model, table, folder.resolve("scores"), "id", "note");
  }

  private static Dataset<Row> rejected(RandomModel.Scored from) {
    return SharedSpark.session().read().parquet(from.folder().resolve("_rejected").toString());
  }

  @Test
  void areCountedByReason() {
    BAD.forEach(
        (reason, rows) ->
            assertEquals(
                (long) rows.length,
                scored.counts().rejectedByReason().get(reason),
                reason.toString()));
    assertEquals(BAD.size(), scored.counts().rejectedByReason().size());
    assertEquals(bad.count(), scored.counts().rejected());
    assertEquals(GOOD_ROWS, scored.counts().scored());
  }

  @Test
  void areKeptWholeWithTheirReason() {
    Dataset<Row> found = rejected(scored);
    assertArrayEquals(
        new String[] {"id", "note", "values", ScoreColumns.REJECTION_REASON}, found.columns());
    // As text: NaN is not equal to itself.
    var expected = bad.selectExpr("id", "note", "to_json(values)", "note as rejection_reason");
    SameRows.assertSame(
        expected, found.selectExpr("id", "note", "to_json(values)", "rejection_reason"));
  }

  /** As rows have that were rejected before, by this or by another. */
  @Test
  void haveOneReasonOnly() throws IOException {
    Dataset<Row> again = table.withColumn("Rejection_Reason", functions.lit("an old one"));
    var rejected = rejected(RandomModel.score(model, again, folder.resolve("again"), "id"));
    assertEquals(0, rejected.where("rejection_reason = 'an old one'").count());
    assertEquals(bad.count(), rejected.count());
  }

  @Test
  void leaveTheOthersScoresAsTheyAre() throws IOException {
    var alone = RandomModel.score(model, good, folder.resolve("alone"), "id", "note");
    assertEquals(GOOD_ROWS, scored.rows().count());
    SameRows.assertSame(alone.rows(), scored.rows());
    assertFalse(Files.exists(alone.folder().resolve("_rejected")), "nothing was rejected");
  }

  @Test
  void thatAreAllThereIsGiveAnEmptyTableOfScores() throws IOException {
    Dataset<Row> outOfRange = bad.where("note = 'OUT_OF_RANGE'");
    var none = RandomModel.score(model, outOfRange, folder.resolve("none"), "id");
    assertEquals(0, none.counts().scored());
    assertEquals(0, none.rows().count());
    assertEquals(2, rejected(none).count());
  }

  @Test
  void anyFiniteNumberHasAScoreUnderAGaussian() throws IOException {
    TrainedVae gaussian =
        new RandomModel(
                "model { encoder = [8], latent = 2, decoder = [8], likelihood.family = gaussian }")
            .reading("values", Kind.ARRAY, 3, good);
    var all = RandomModel.score(gaussian, table, folder.resolve("gaussian"), "id");
    assertEquals(GOOD_ROWS + 2, all.counts().scored());
    assertFalse(all.counts().rejectedByReason().containsKey(RejectReason.OUT_OF_RANGE));
  }
}
