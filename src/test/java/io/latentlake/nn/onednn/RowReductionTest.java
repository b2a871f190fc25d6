package io.latentlake.nn.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reductions against the loop that anyone would write. */
class RowReductionTest {

  @Property
  void sum(@ForAll @Size(max = 60) float[] values, @ForAll @IntRange(max = 9) int skipped) {
    int from = Math.min(skipped, values.length);
    double expected = 0;
    double magnitude = 0;
    for (int i = from; i < values.length; i++) {
      expected += values[i];
      magnitude += Math.abs(values[i]);
    }
    assertEquals(expected, RowReduction.sum(values, from, values.length), 1e-14 * magnitude);
  }

  /** Long stretches of the smallest factor, where a plain product would be 0. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 255, 256, 257, 10_000})
  void logarithmsOfHalves(int count) {
    var values = new float[count + 2];
    Arrays.fill(values, 0.5f);
    double expected = count * Math.log(0.5);
    assertEquals(expected, RowReduction.logOfHalves(values, 1, count + 1), 1e-6);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 1000})
  void logarithmsOfTheSmallestFloats(int count) {
    var values = new float[count + 2];
    Arrays.fill(values, Float.MIN_NORMAL);
    double expected = count * Math.log(Float.MIN_NORMAL);
    assertEquals(expected, RowReduction.log(values, 1, count + 1), 1e-6);
  }
}
