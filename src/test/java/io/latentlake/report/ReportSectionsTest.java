package io.latentlake.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.SharedSpark;
import io.latentlake.data.ClassColumn;
import io.latentlake.data.Condition;
import io.latentlake.score.ScoreColumns;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Parts of reports that are fit for the odd table. */
class ReportSectionsTest {

  /** Of JSON, where a row may lack the key. */
  @Test
  void aRowWithoutReasonsIsShown() {
    List<Row> rows =
        SharedSpark.session()
            .sql(
                "SELECT 2d AS %1$s, true AS %2$s, array(named_struct('feature', 'weight', 'share', 0.5d, 'seen', '40', 'expected', '5')) AS %3$s UNION ALL SELECT 1d, false, null"
                    .formatted(
                        ScoreColumns.RAW_SCORE, ScoreColumns.IS_ANOMALY, ScoreColumns.REASONS))
            .collectAsList();
    Grid grid = TopRows.section(rows).grids().get(0);
    assertEquals(2, grid.rows().size());
  }

  @Test
  void whatIsNoNumberIsNoShift() {
    assertEquals("unknown", DriftSection.verdict(Double.NaN));
    assertEquals("steady", DriftSection.verdict(0.01));
    assertEquals("a large shift", DriftSection.verdict(Double.POSITIVE_INFINITY));
  }

  @Test
  void ofAThousandLevelsSomeAreDrawn() {
    List<String> levels = IntStream.range(0, 1000).mapToObj(i -> "level " + i).toList();
    Condition many = new Condition(List.of(new ClassColumn("kind", levels)), List.of());
    assertEquals(levels.subList(0, SightSection.MOST_LEVELS), SightSection.drawn(many));
    Condition two = new Condition(List.of(new ClassColumn("kind", List.of("a", "b"))), List.of());
    assertEquals(List.of("a", "b"), SightSection.drawn(two));
  }
}
