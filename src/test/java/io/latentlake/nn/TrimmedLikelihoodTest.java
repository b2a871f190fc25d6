package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Rows of the largest errors are measured like the others, and not learned from. */
class TrimmedLikelihoodTest {
  private static final Likelihood WHOLE = new GaussianLikelihood(0.5);
  private static final Likelihood TRIMMED = new TrimmedLikelihood(WHOLE, 0.5);

  /** The second and the fourth row are the farthest off. */
  private static final INDArray X =
      Nd4j.createFromArray(new double[][] {{0, 0.1}, {5, -5}, {0.2, 0}, {3, 0}, {1, 1}});

  private static final INDArray OUTPUT = Nd4j.zeros(DataType.DOUBLE, 5, 2);

  @Test
  void theWorstRowsHaveNoGradient() {
    INDArray expected = WHOLE.gradient(OUTPUT, X);
    for (int row : new int[] {1, 3}) {
      expected.getRow(row).assign(0);
    }
    assertEquals(expected, TRIMMED.gradient(OUTPUT, X));
  }

  @Test
  void everyRowHasItsError() {
    assertEquals(WHOLE.rows(OUTPUT, X), TRIMMED.rows(OUTPUT, X));
    assertEquals(WHOLE.saturated(OUTPUT, X), TRIMMED.saturated(OUTPUT, X));
  }

  @Test
  void aShareIsRoundedDownToWholeRows() {
    float[] errors = {1, 5, 2, 4, 3};
    assertArrayEquals(new int[] {1}, TrimmedLikelihood.worst(errors, 5, 0.39));
    assertArrayEquals(new int[] {1, 3}, TrimmedLikelihood.worst(errors, 5, 0.4));
    assertArrayEquals(new int[] {}, TrimmedLikelihood.worst(errors, 5, 0.1));
    assertArrayEquals(new int[] {1}, TrimmedLikelihood.worst(errors, 2, 0.5));
  }
}
