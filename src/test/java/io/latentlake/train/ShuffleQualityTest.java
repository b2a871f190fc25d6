package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How well an epoch's order is mixed, in figures that a full shuffle of n rows has known values
 * for. Rows are numbered as they lie.
 */
class ShuffleQualityTest {
  private static final int ROWS = 200_000;
  private static final int BATCH = 128;
  private static final int CLASSES = 10;
  private static final RowLayout LAYOUT = new RowLayout(1, false);

  /** A twentieth of the rows at a time is the least; all of them is the full shuffle. */
  @ParameterizedTest
  @ValueSource(ints = {ROWS * Float.BYTES / 20, ROWS * Float.BYTES / 4, ROWS * Float.BYTES})
  void isCloseToAFullShuffle(long memory) {
    double[] order = order(memory, 1);
    // Of a full shuffle: 1/3, 0 ± 1/√n, and 1. Windows of m blocks add B/m to the last.
    assertEquals(1.0 / 3, displacement(order), 0.02);
    assertEquals(0, neighbourCorrelation(order), 0.02);
    assertEquals(1, classVariance(order), 0.35);
    // Two epochs' orders say nothing about one another.
    assertEquals(0, correlation(ranks(order), ranks(order(memory, 2))), 0.02);
  }

  /** The figures do tell: rows as they lie fail each of them. */
  @Test
  void rowsAsTheyLieAreNotMixed() {
    double[] order = new double[ROWS];
    Arrays.setAll(order, i -> i);
    assertEquals(0, displacement(order));
    assertTrue(neighbourCorrelation(order) > 0.99);
    assertTrue(classVariance(order) > 50);
  }

  private static double[] order(long memory, long seed) {
    var values = new float[ROWS][1];
    for (int i = 0; i < ROWS; i++) {
      values[i][0] = i;
    }
    var read = new float[ROWS];
    try (Shard shard = Shards.of(values, LAYOUT, memory)) {
      shard.epoch(seed, 0).read(ROWS, read);
    }
    var order = new double[ROWS];
    Arrays.setAll(order, i -> read[i]);
    return order;
  }

  /** The mean distance between where a row lies and where it is read, as a share of all rows. */
  private static double displacement(double[] order) {
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      sum += Math.abs(order[i] - i);
    }
    return sum / ROWS / ROWS;
  }

  /** The correlation between rows that are read one behind the other. */
  private static double neighbourCorrelation(double[] order) {
    return correlation(Arrays.copyOf(order, ROWS - 1), Arrays.copyOfRange(order, 1, ROWS));
  }

  /**
   * The rows being sorted by class: the variance over the batches of the rows of a class in a
   * batch, by what drawing a batch from all rows gives, B·p·(1 − p).
   */
  private static double classVariance(double[] order) {
    double expected = (double) BATCH / CLASSES;
    double squares = 0;
    int batches = ROWS / BATCH;
    for (int batch = 0; batch < batches; batch++) {
      var counts = new int[CLASSES];
      for (int i = 0; i < BATCH; i++) {
        counts[(int) (order[batch * BATCH + i] * CLASSES / ROWS)]++;
      }
      for (int count : counts) {
        squares += (count - expected) * (count - expected);
      }
    }
    return squares / batches / CLASSES / (expected * (1 - 1.0 / CLASSES));
  }

  /** Where each row is read. */
  private static double[] ranks(double[] order) {
    var ranks = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      ranks[(int) order[i]] = i;
    }
    return ranks;
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElseThrow();
    double meanB = Arrays.stream(b).average().orElseThrow();
    double both = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      both += (a[i] - meanA) * (b[i] - meanB);
      squaresA += (a[i] - meanA) * (a[i] - meanA);
      squaresB += (b[i] - meanB) * (b[i] - meanB);
    }
    return both / Math.sqrt(squaresA * squaresB);
  }
}
