package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Central finite differences in double precision: the oracle that every gradient is held to. */
public final class FiniteDifferences {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-6;

  private FiniteDifferences() {}

  /**
   * Fails where a gradient is not (f(v + h) − f(v − h)) / 2h, and where it is zero everywhere,
   * which would check nothing.
   *
   * @param point v, a matrix or all weights of a graph, which f reads; moved one element at a time
   *     and put back
   * @param gradient df/dv, of the same shape
   * @param function f
   */
  public static void assertGradient(INDArray point, INDArray gradient, DoubleSupplier function) {
    assertEquals(DataType.DOUBLE, point.dataType());
    assertEquals(DataType.DOUBLE, gradient.dataType());
    if (point.rank() == 1) {
      // A view, so that what moves is still the point itself.
      assertGradient(point.reshape(1, -1), gradient.reshape(1, -1), function);
      return;
    }
    assertArrayEquals(point.shape(), gradient.shape());
    assertTrue(gradient.norm2Number().doubleValue() > 1e-3, "the gradient is zero");
    for (long row = 0; row < point.rows(); row++) {
      for (long column = 0; column < point.columns(); column++) {
        double expected = difference(point, row, column, function);
        double tolerance = TOLERANCE * Math.max(1, Math.abs(expected));
        String where = "df/dv at [" + row + ", " + column + "] of " + point.shapeInfoToString();
        assertEquals(expected, gradient.getDouble(row, column), tolerance, where);
      }
    }
  }

  private static double difference(INDArray point, long row, long column, DoubleSupplier function) {
    double value = point.getDouble(row, column);
    point.putScalar(row, column, value + STEP);
    double above = function.getAsDouble();
    point.putScalar(row, column, value - STEP);
    double below = function.getAsDouble();
    point.putScalar(row, column, value);
    return (above - below) / (2 * STEP);
  }
}
