package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Central finite differences in double precision: the oracle that every gradient is held to. */
public final class FiniteDifferences {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-6;
  private static final int DIRECTIONS = 4;

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

  /**
   * Fails where a gradient's product with a direction is not (f(v + hd) − f(v − hd)) / 2h, for a
   * few random directions d of ±1. Every element has its full weight in each, so that an error in
   * any of them shows, at a few calls of f where one by one would take two an element.
   *
   * @param point v, a vector or matrix which f reads; moved along each direction and put back
   * @param gradient df/dv, of the same shape
   * @param function f
   */
  public static void assertGradientAlongDirections(
      INDArray point, INDArray gradient, DoubleSupplier function) {
    assertEquals(DataType.DOUBLE, point.dataType());
    assertEquals(DataType.DOUBLE, gradient.dataType());
    assertArrayEquals(point.shape(), gradient.shape());
    assertTrue(gradient.norm2Number().doubleValue() > 1e-3, "the gradient is zero");
    INDArray before = point.dup();
    for (int seed = 1; seed <= DIRECTIONS; seed++) {
      INDArray direction =
          Transforms.sign(Noise.standardNormal(seed, 1, point.length(), DataType.DOUBLE))
              .reshape(point.shape());
      point.addi(direction.mul(STEP));
      double above = function.getAsDouble();
      point.assign(before).subi(direction.mul(STEP));
      double below = function.getAsDouble();
      point.assign(before);
      double expected = (above - below) / (2 * STEP);
      double tolerance = TOLERANCE * Math.max(1, gradient.norm1Number().doubleValue());
      double projected = gradient.mul(direction).sumNumber().doubleValue();
      String where = "df/dv along direction " + seed + " of " + point.shapeInfoToString();
      assertEquals(expected, projected, tolerance, where);
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
