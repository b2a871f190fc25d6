package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.latentlake.nn.FunctionVertex.Context;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Dropout: its share, its mean, and what decides which values are left out. */
class DropoutTest {
  private static final double PROBABILITY = 0.3;
  private static final INDArray ONES = Nd4j.ones(DataType.FLOAT, 200, 50);

  @Test
  void leavesOutItsShareAndKeepsTheMean() {
    INDArray result = forward(new Dropout(PROBABILITY, 0), new Context(true, 1, 0));
    double zeros = result.eq(0).castTo(DataType.DOUBLE).meanNumber().doubleValue();

    // Of 10,000 draws the share's deviation is 0.0046.
    assertEquals(PROBABILITY, zeros, 0.02);
    assertEquals(1, result.meanNumber().doubleValue(), 0.03);
    assertEquals(1 / (1 - PROBABILITY), result.maxNumber().doubleValue(), 1e-6);
  }

  @Test
  void doesNothingOutsideOfTraining() {
    assertSame(ONES, forward(new Dropout(PROBABILITY, 0), new Context(false, 1, 0)));
  }

  @Test
  void seedAndPlaceDecideWhatIsLeftOut() {
    INDArray result = forward(new Dropout(PROBABILITY, 0), new Context(true, 1, 0));

    assertEquals(result, forward(new Dropout(PROBABILITY, 0), new Context(true, 1, 7)));
    assertNotEquals(result, forward(new Dropout(PROBABILITY, 0), new Context(true, 2, 0)));
    assertNotEquals(result, forward(new Dropout(PROBABILITY, 1), new Context(true, 1, 0)));
  }

  private static INDArray forward(Dropout dropout, Context context) {
    return dropout.forward(new INDArray[] {ONES}, context);
  }
}
