package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Likelihoods;
import io.latentlake.SharedSpark;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.RowEncoder;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Rows beside a line, and rows far out on it. */
class BaselinesTest {
  private static final RowEncoder ENCODER =
      new RowEncoder(
          new FeaturePlan(
              List.of(
                  new FeatureColumn("x", FeatureColumn.Kind.NUMBER, 1),
                  new FeatureColumn("y", FeatureColumn.Kind.NUMBER, 1))),
          Likelihoods.of(Family.GAUSSIAN, 2));

  /** A line with a little noise; rows 5 and 500 are beside it, and row 999 is its end. */
  private static Dataset<Row> line() {
    return SharedSpark.session()
        .range(0, 1000, 1, 4)
        .selectExpr(
            "case when id in (5, 500) then 'beside' when id = 999 then 'end' else 'on' end as place",
            "if(id = 7, null, double(id)) as x",
            "3 + 2D * id + 0.1 * sin(id) + if(id in (5, 500), 9, 0) as y");
  }

  private static Baseline measure(int components, String label, String positive) {
    try (var table = LabelledTable.open(line(), ENCODER, label, positive)) {
      return PrincipalComponents.measure(table, components);
    }
  }

  @Test
  void findsWhatIsBesideItsAxis() {
    Baseline beside = measure(1, "place", "beside");
    assertEquals(1, beside.auroc(), 1e-9);
    assertEquals(1, beside.auprc(), 1e-9);
    assertEquals(999, beside.rows());
    assertEquals(2, beside.positives());
    assertTrue(measure(1, "place", "end").auroc() < 1, "the end lies on the axis");
  }

  @Test
  void hasNoMoreAxesThanFeatures() {
    assertEquals("2 principal components", measure(20, "place", "beside").method());
  }

  /** Few cuts isolate what is far out; what is beside the line is within both columns' ranges. */
  @Test
  void aForestFindsTheEnd() {
    try (var table = LabelledTable.open(line(), ENCODER, "place", "end")) {
      Baseline end = IsolationForestBaseline.measure(SharedSpark.session(), table).orElseThrow();
      assertTrue(end.auroc() > 0.95, end.toString());
      assertEquals(999, end.rows());
      assertEquals(1, end.positives());
    }
  }

  @Test
  void refusesWhatCantBeMeasured() {
    assertThrows(InvalidInputException.class, () -> measure(1, "colour", "red"));
    var error = assertThrows(InvalidInputException.class, () -> measure(1, "place", "elsewhere"));
    assertTrue(error.getMessage().contains("0 of 999 rows have place"), error.getMessage());
  }
}
