package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the encoder sees of numbers that are missing, usual or far out. */
class EncoderViewTest {
  private static final float[] NUMBERS = {
    Float.NaN, 0, -0.25f, 9.75f, 10, -10, 11, -11, 10 + (float) Math.E - 1, 1e4f, -1e4f, 1e16f
  };

  @Test
  void isTheNumberUpToTheReachAndLogarithmicPastIt() {
    assertEquals(0, EncoderView.of(Float.NaN));
    assertEquals(-9.75f, EncoderView.of(-9.75f));
    assertEquals(10, EncoderView.of(10));
    assertEquals(11, EncoderView.of(10 + (float) Math.E - 1), 1e-6f);
    assertEquals(-10 - Math.log(1 + 1e4 - 10), EncoderView.of(-1e4f), 1e-5f);
    assertTrue(EncoderView.of(Float.MAX_VALUE) < 100);
  }

  @Test
  void keepsTheOrder() {
    float before = Float.NEGATIVE_INFINITY;
    for (float value = -30; value <= 30; value += 0.125f) {
      float seen = EncoderView.of(value);
      assertTrue(seen > before, value + " is seen as " + seen + ", the one before as " + before);
      before = seen;
    }
  }

  @Test
  void theGraphSeesTheSame() {
    var expected = new float[NUMBERS.length];
    for (int i = 0; i < NUMBERS.length; i++) {
      expected[i] = EncoderView.of(NUMBERS[i]);
    }
    INDArray rows = Nd4j.createFromArray(new float[][] {NUMBERS}).castTo(DataType.DOUBLE);
    INDArray seen =
        new EncoderView(NUMBERS.length)
            .forward(new INDArray[] {rows}, new FunctionVertex.Context(false, 0, 0));
    assertArrayEquals(expected, seen.toFloatVector(), 1e-5f);
  }
}
