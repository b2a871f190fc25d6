package io.latentlake.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Places and round numbers along an axis. */
class ScaleTest {
  @Test
  void roundNumbers() {
    assertEquals(List.of(0.0, 20.0, 40.0, 60.0, 80.0), Scale.linear(0, 97).ticks(5));
    assertEquals(List.of(1.0, 2.0, 3.0), Scale.counting(1, 3).ticks(5));
    assertEquals(List.of(1.0, 10.0, 100.0, 1000.0), Scale.logarithmic(0.9, 1500).ticks(5));
  }

  @Test
  void placesGoFromOneEndToTheOther() {
    Scale scale = Scale.logarithmic(1, 100).between(10, 30);
    assertEquals(10, scale.at(1), 1e-9);
    assertEquals(20, scale.at(10), 1e-9);
    assertEquals(30, scale.at(100), 1e-9);
    assertEquals(30, scale.at(1e6), 1e-9);
  }

  @Property(tries = 300)
  void ticksAreFewAndOnTheAxis(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double low,
      @ForAll @DoubleRange(min = 0.01, max = 1e6) double length) {
    Scale scale = Scale.linear(low, low + length);
    List<Double> ticks = scale.ticks(5);
    assertTrue(ticks.size() >= 1 && ticks.size() <= 6, ticks.toString());
    double rounding = 1e-12 * (Math.abs(low) + length);
    assertTrue(
        ticks.stream().allMatch(tick -> tick >= low - rounding && tick <= low + length + rounding));
  }

  @Property(tries = 300)
  void ticksOfRatiosAreFewToo(
      @ForAll @DoubleRange(min = -30, max = 30) double from,
      @ForAll @DoubleRange(min = 0.01, max = 60) double decades) {
    List<Double> ticks =
        Scale.logarithmic(Math.pow(10, from), Math.pow(10, from + decades)).ticks(5);
    assertTrue(ticks.size() <= 6, ticks.toString());
    assertTrue(!ticks.isEmpty() || decades < 1, ticks.toString());
  }

  @Test
  void whatHasNoPlaceIsAtAnEnd() {
    Scale nothing = Scale.logarithmic(0, 10).between(0, 1);
    assertEquals(0.5, nothing.at(5), 1e-9);
    Scale ratios = Scale.logarithmic(1, 10).between(0, 1);
    assertEquals(0, ratios.at(-3), 1e-9);
    assertEquals(1, ratios.at(Double.POSITIVE_INFINITY), 1e-9);
    assertEquals(1, ratios.at(Double.NaN), 1e-9);
  }

  @Test
  void whatIsNotFiniteHasNoSayInTheEnds() {
    Scale scale = Scale.over(new double[] {3, Double.NaN, 1, Double.POSITIVE_INFINITY}, 0.5);
    assertEquals(0, scale.low(), 1e-9);
    assertEquals(4, scale.high(), 1e-9);
    assertEquals(1, Scale.over(new double[] {Double.NaN}, 0.5).high(), 1e-9);
  }

  @Property(tries = 100)
  void divisionsEndAtTheEnd(@ForAll @DoubleRange(min = 0.01, max = 1e3) double low) {
    double[] edges = Scale.logarithmic(low, 50 * low).divided(7);
    assertEquals(7, edges.length);
    assertEquals(50 * low, edges[6], 1e-9 * low * 50);
    assertTrue(edges[0] > low);
  }
}
