package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Paths hit both ends; the spherical one keeps the norm and turns evenly. */
class LatentPathTest {
  private static float[] point(long seed, double norm) {
    var random = new Random(seed);
    var point = new float[6];
    for (int i = 0; i < point.length; i++) {
      point[i] = (float) random.nextGaussian();
    }
    double scale = norm / norm(point);
    for (int i = 0; i < point.length; i++) {
      point[i] *= (float) scale;
    }
    return point;
  }

  private static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Property
  void endsAreHit(@ForAll long from, @ForAll long to) {
    for (LatentPath path : LatentPath.values()) {
      float[][] points = path.points(point(from, 4), point(to, 5), 7);
      assertEquals(7, points.length);
      assertArrayEquals(point(from, 4), points[0], 1e-5f);
      assertArrayEquals(point(to, 5), points[6], 1e-5f);
    }
  }

  @Property
  void sphericalKeepsTheNorm(
      @ForAll long from, @ForAll long to, @ForAll @DoubleRange(min = 0, max = 1) double t) {
    float[] a = point(from, 4.5);
    float[] b = point(to, 4.5);
    if (Math.abs(dot(a, b)) < 0.999 * 4.5 * 4.5) {
      assertEquals(4.5, norm(LatentPath.SPHERICAL.at(a, b, t)), 1e-4);
    }
  }

  @Test
  void sphericalTurnsEvenly() {
    float[] a = {3, 0};
    float[] b = {0, 3};
    for (int i = 0; i <= 10; i++) {
      float[] at = LatentPath.SPHERICAL.at(a, b, i / 10.0);
      assertEquals(Math.PI / 2 * i / 10, Math.atan2(at[1], at[0]), 1e-6);
    }
  }

  @Test
  void parallelPointsHaveTheStraightPath() {
    float[] a = {1, 2};
    for (float[] b : new float[][] {{2, 4}, {-1, -2}, {0, 0}, {1, 2}}) {
      float[] at = LatentPath.SPHERICAL.at(a, b, 0.25);
      assertArrayEquals(LatentPath.LINEAR.at(a, b, 0.25), at, 1e-6f);
      assertTrue(Float.isFinite(at[0]) && Float.isFinite(at[1]));
    }
  }
}
