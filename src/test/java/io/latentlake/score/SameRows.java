package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.holdenkarau.spark.testing.JavaDataFrameSuiteBase;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Compares small tables: the same schema and the same rows, to the bit, in any order. */
public final class SameRows {
  private static final JavaDataFrameSuiteBase FRAMES = new JavaDataFrameSuiteBase();

  private SameRows() {}

  /** Fails where they differ. */
  public static void assertSame(Dataset<Row> expected, Dataset<Row> found) {
    FRAMES.assertSchemasEqual(expected.schema(), found.schema());
    // No two runs begin at the same time.
    FRAMES.assertSmallDataFrameDataEquals(
        expected.drop(ScoreColumns.SCORED_AT), found.drop(ScoreColumns.SCORED_AT));
    // It looks for each row on the other side, so that it would pass over one that is there twice.
    assertEquals(expected.count(), found.count());
  }
}
