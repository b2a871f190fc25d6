package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Six digits, as decimal arithmetic rounds them. */
class SignificantTest {
  @Property(tries = 20_000)
  void roundsAsDecimalArithmeticDoes(
      @ForAll @DoubleRange(min = -10, max = 10) double digits,
      @ForAll @IntRange(min = -30, max = 20) int power) {
    assertRounded(digits * Math.pow(10, power));
  }

  @Test
  void roundsTiesAndPowersOfTen() {
    for (double value :
        new double[] {
          0,
          -0.0,
          1,
          10,
          1e5,
          999999.5,
          9999995,
          0.1,
          123456.5,
          1234565,
          2.5e-7,
          1e-17,
          1e22,
          0.30000001192092896
        }) {
      assertRounded(value);
      assertRounded(-value);
    }
  }

  private static void assertRounded(double value) {
    BigDecimal expected = new BigDecimal(value).round(new MathContext(6));
    assertEquals(
        0,
        expected.compareTo(new BigDecimal(Significant.text(value))),
        () -> value + " as " + Significant.text(value));
  }
}
