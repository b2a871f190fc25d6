package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.spec.InvalidInputException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Ranking and threshold measures, against values worked out by hand. */
class EvaluationTest {

  @Test
  void matchesTheMeasuresWorkedOutByHand() {
    // Ranked: + 4 | - 3 | + and - tied at 2 | - 1: of the 6 pairs 4 are right and 1 is tied.
    Evaluation evaluation =
        Evaluation.of(
            scores(
                row("bad", 4, true),
                row("good", 3, true),
                row("bad", 2, false),
                row("good", 2, false),
                row("good", 1, false)),
            "label",
            "bad");
    assertEquals(5, evaluation.rows());
    assertEquals(2, evaluation.positives());
    assertEquals(4.5 / 6, evaluation.auroc(), 1e-9);
    assertEquals(0.5, evaluation.precision(), 1e-9);
    assertEquals(0.5, evaluation.recall(), 1e-9);
  }

  @Test
  void aPerfectRankingIsOne() {
    Evaluation evaluation =
        Evaluation.of(scores(row("bad", 2, true), row("good", 1, false)), "label", "bad");
    assertEquals(1, evaluation.auroc(), 1e-9);
    assertEquals(1, evaluation.auprc(), 1e-9);
    assertEquals(1, evaluation.precision(), 1e-9);
  }

  @Test
  void aNullLabelIsNotPositive() {
    Evaluation evaluation =
        Evaluation.of(scores(row("bad", 2, true), row(null, 1, false)), "label", "bad");
    assertEquals(1, evaluation.positives());
  }

  @Test
  void oneClassAloneCannotBeEvaluated() {
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> Evaluation.of(scores(row("good", 1, false)), "label", "bad"));
    assertTrue(error.getMessage().contains("label = bad"), error.getMessage());
  }

  @Test
  void aMissingColumnIsNamed() {
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> Evaluation.of(scores(row("good", 1, false)), "kind", "bad"));
    assertTrue(error.getMessage().contains("'kind'"), error.getMessage());
  }

  private static Row row(String label, double error, boolean anomaly) {
    return RowFactory.create(label, error, anomaly);
  }

  private static Dataset<Row> scores(Row... rows) {
    var schema =
        new StructType()
            .add("label", DataTypes.StringType)
            .add(ScoreColumns.RAW_SCORE, DataTypes.DoubleType)
            .add(ScoreColumns.IS_ANOMALY, DataTypes.BooleanType);
    return SharedSpark.session().createDataFrame(List.of(rows), schema);
  }
}
