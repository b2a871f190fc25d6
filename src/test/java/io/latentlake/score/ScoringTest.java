package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallImages;
import io.latentlake.data.BoundEncoder;
import io.latentlake.data.FeatureColumn.Kind;
import io.latentlake.data.InternalRows;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.RowScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A row's scores depend on the row and the model alone, and are calibrated by the training rows.
 */
class ScoringTest {
  private static final int ROWS = 700;
  private static final double CONTAMINATION = 0.07;

  @TempDir static Path folder;

  private static Dataset<Row> images;
  private static TrainedVae model;
  private static Dataset<Row> expected;

  /** The default network, and batches that the rows don't fill. */
  @BeforeAll
  static void score() throws IOException {
    images = SmallImages.table(ROWS).cache();
    model =
        new RandomModel("score { contamination = %s, batch-size = 64 }".formatted(CONTAMINATION))
            .reading("image", Kind.BYTES, 784, images);
    expected = RandomModel.score(model, images, folder.resolve("scores"), "index").rows();
    assertEquals(ROWS, expected.count());
  }

  private static void assertSameScores(Dataset<Row> scores) {
    // Equality of doubles and floats, not nearness.
    SameRows.assertSame(expected, scores);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void sameScoresWhateverThePartitions(int partitions) throws IOException {
    Dataset<Row> dealt = images.orderBy(functions.rand(partitions)).repartition(partitions);
    Path output = folder.resolve("in-" + partitions);
    assertSameScores(RandomModel.score(model, dealt, output, "index").rows());
  }

  @Test
  void emptyPartitions() throws IOException {
    Dataset<Row> few = images.where("index < 3");
    Dataset<Row> spread = images.where("index < 0").union(few).repartition(9);
    assertEquals(9, spread.javaRDD().getNumPartitions());
    var scored = RandomModel.score(model, spread, folder.resolve("few"), "index");
    assertEquals(3, scored.counts().scored());
    SameRows.assertSame(expected.where("index < 3"), scored.rows());
  }

  @Test
  void batchesAreAlwaysOfTheSameSize() {
    int width = model.features().width();
    Dataset<Row> features = model.encoder().select(images.where("index = 5"));
    InternalRow image = InternalRows.first(features, 1).get(0);
    BoundEncoder encoder = model.encoder().bind(features.schema());
    try (var scorer = new BatchScorer(model)) {
      assertEquals(64, scorer.capacity());
      encoder.encode(image, scorer.staging(), 0);
      RowScores first = scorer.score(scorer.capacity());
      assertEquals(64, first.reconstructionError().length);
      float error = first.reconstructionError()[0];
      float kl = first.kl()[0];
      float[] latent = first.latentOf(0);
      encoder.encode(image, scorer.staging(), 63 * width);
      RowScores last = scorer.score(scorer.capacity());
      assertEquals(error, last.reconstructionError()[63]);
      assertEquals(kl, last.kl()[63]);
      assertArrayEquals(latent, last.latentOf(63));
    }
  }

  @Test
  void contaminationIsTheShareOfAnomaliesAmongTheTrainingRows() {
    long anomalies = expected.where("is_anomaly").count();
    assertEquals(CONTAMINATION * ROWS, anomalies, 1);
    Row bounds =
        expected
            .selectExpr(
                "max(if(is_anomaly, null, raw_score))", "min(if(is_anomaly, raw_score, null))")
            .first();
    float threshold = model.requireCalibration().threshold();
    assertTrue(bounds.getDouble(0) <= threshold, "a usual row is past the threshold");
    assertTrue(bounds.getDouble(1) > threshold, "an anomaly is not past the threshold");
  }

  @Test
  void anomalyScoreIsTheShareOfTrainingRowsThatAreNoWorse() {
    List<Row> rows =
        expected.select("raw_score", "anomaly_score").orderBy("raw_score").collectAsList();
    for (int i = 0; i < rows.size(); i++) {
      assertEquals((i + 1.0) / ROWS, rows.get(i).getDouble(1), 1e-9);
    }
  }

  @Test
  void anomalyScoreLiesInItsRangeAndGrowsWithTheErrorForOtherRows() throws IOException {
    Dataset<Row> others =
        SharedSpark.session()
            .createDataFrame(
                SmallImages.table(2 * ROWS).where("index >= " + ROWS).javaRDD(), images.schema());
    List<Row> rows =
        RandomModel.score(model, others, folder.resolve("others"), "index")
            .rows()
            .select("raw_score", "anomaly_score")
            .orderBy("raw_score")
            .collectAsList();
    assertEquals(ROWS, rows.size());
    double last = 0;
    for (Row row : rows) {
      double score = row.getDouble(1);
      assertTrue(last <= score && score <= 1, row.toString());
      last = score;
    }
  }
}
