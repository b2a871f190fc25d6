package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.model.ScoreDistribution;
import io.latentlake.model.Threshold.Rule;
import io.latentlake.spec.InvalidInputException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Thresholds of scored tables, against counting and sorting. */
class ScoredRowsTest {
  private static final long ROWS = 1_000_000;

  /** Scores 0 to ROWS − 1 in no order, over several partitions. */
  private static Dataset<Row> shuffled() {
    return SharedSpark.session()
        .range(0, ROWS, 1, 7)
        .selectExpr("cast((id * 7919) % 1000000 as double) as raw_score");
  }

  private static ThresholdRule budget(double alerts) {
    return new ThresholdRule(Rule.BUDGET, alerts, 1);
  }

  @Test
  void anAlertBudgetIsMetToTheRow() {
    ScoreDistribution scores = ScoredRows.distribution(shuffled());

    assertEquals(ROWS, scores.rows());
    for (int alerts : List.of(1, 10, 100, 1000, ScoreSketch.EXACT)) {
      float threshold = budget(alerts).place(scores).score();
      assertEquals(ROWS - 1 - alerts, threshold);
      assertEquals(alerts, scores.rowsPast(threshold));
    }
  }

  @Test
  void aLargeBudgetIsMetToAThousandth() {
    ScoreDistribution scores = ScoredRows.distribution(shuffled());
    for (int alerts : List.of(10_000, 100_000)) {
      double flagged = ROWS - 1 - budget(alerts).place(scores).score();
      assertEquals(alerts, flagged, 0.001 * alerts);
    }
  }

  @Test
  void aBudgetIsForTheDaysThatTheScoresCover() {
    ScoreDistribution scores = ScoredRows.distribution(shuffled());
    float threshold = new ThresholdRule(Rule.BUDGET, 2.5, 4).place(scores).score();
    assertEquals(10, scores.rowsPast(threshold));
  }

  @Test
  void aBudgetThatTheScoresCantShowIsRefused() {
    ScoreDistribution scores = ScoredRows.distribution(shuffled());
    for (double alerts : List.of(0.5, (double) ROWS)) {
      var error = assertThrows(InvalidInputException.class, () -> budget(alerts).place(scores));
      assertTrue(error.getMessage().contains("--budget " + alerts), error.getMessage());
    }
  }

  @Test
  void aShareTooRareForTheRowsIsRefusedAndExtrapolated() {
    ScoreDistribution scores =
        ScoredRows.distribution(
            SharedSpark.session()
                .range(0, 20_000, 1, 3)
                .selectExpr("-ln((id + 0.5D) / 20000) as raw_score"));
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> new ThresholdRule(Rule.FALSE_POSITIVE_RATE, 1e-5, 1).place(scores));
    assertTrue(error.getMessage().contains("--tail-probability"), error.getMessage());

    float rare = new ThresholdRule(Rule.TAIL_PROBABILITY, 1e-6, 1).place(scores).score();
    assertEquals(-Math.log(1e-6), rare, 0.3);
    float common = new ThresholdRule(Rule.TAIL_PROBABILITY, 0.1, 1).place(scores).score();
    assertEquals(2_000, scores.rowsPast(common));
  }

  @Test
  void eachSegmentHasItsOwnThresholdAndASmallOneSaysWhyNot() {
    Dataset<Row> scores =
        SharedSpark.session()
            .range(0, 20_003, 1, 5)
            .selectExpr(
                "case when id >= 20000 then null when id % 2 = 0 then 'even' else 'odd' end as half",
                "cast(if(id % 2 = 0, id, -id) as double) as raw_score");

    List<SegmentThreshold> segments = ScoredRows.thresholds(scores, "half", budget(10));

    assertEquals(3, segments.size());
    SegmentThreshold none = segments.get(0);
    assertNull(none.segment());
    assertNull(none.threshold());
    assertTrue(none.problem().contains("3 scored rows"), none.problem());
    assertEquals(new SegmentThreshold("even", 10_000, 19_978f, 10L, null), segments.get(1));
    assertEquals(new SegmentThreshold("odd", 10_000, -21f, 10L, null), segments.get(2));
  }

  @Test
  void rowsWithoutAScoreDontCountAndATableOfThemIsRefused() {
    Dataset<Row> half =
        SharedSpark.session()
            .range(0, 100, 1, 2)
            .selectExpr("if(id % 2 = 0, null, cast(id as double)) as raw_score");
    assertEquals(50, ScoredRows.distribution(half).rows());
    Dataset<Row> none = half.where("raw_score is null");
    assertThrows(InvalidInputException.class, () -> ScoredRows.distribution(none));
    Dataset<Row> other = half.withColumnRenamed("raw_score", "score");
    var error = assertThrows(InvalidInputException.class, () -> ScoredRows.distribution(other));
    assertTrue(error.getMessage().contains("'raw_score'"), error.getMessage());
  }
}
