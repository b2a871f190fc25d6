package io.latentlake.data;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers to so many significant digits: as people read them, and as a plan keeps them. */
final class Significant {
  /** Digits that a float has for certain. */
  private static final int SHOWN = 6;

  /** Enough for a scale, and few enough that approximate quantiles mostly agree. */
  private static final int KEPT = 4;

  /** Past it zeros would be counted, not read. */
  private static final int LONGEST = 15;

  private Significant() {}

  /** A number as text, without a power of ten where it is short without one. */
  static String text(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(SHOWN)).stripTrailingZeros();
    boolean isShort =
        Math.abs(rounded.scale()) <= LONGEST && rounded.precision() - rounded.scale() <= LONGEST;
    return isShort ? rounded.toPlainString() : rounded.toString();
  }

  /** A statistic as it is kept. */
  static double kept(double value) {
    return new BigDecimal(value).round(new MathContext(KEPT)).doubleValue();
  }

  /** A share as a percentage. */
  static String percent(double share) {
    return text(100 * kept(share)) + " %";
  }
}
