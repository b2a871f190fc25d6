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

  /** The largest power of ten that a double is exactly. */
  private static final int EXACT_POWER = 22;

  /** The smallest number of so many digits. */
  private static final double LEAST = 1e5;

  /** So far from the middle between two numbers no error of a product changes the nearer one. */
  private static final double NO_TIE = 0.499;

  private Significant() {}

  /** A number as text, without a power of ten where it is short without one. */
  static String text(double value) {
    BigDecimal rounded = rounded(value).stripTrailingZeros();
    boolean isShort =
        Math.abs(rounded.scale()) <= LONGEST && rounded.precision() - rounded.scale() <= LONGEST;
    return isShort ? rounded.toPlainString() : rounded.toString();
  }

  /**
   * A number to as many digits as are shown. A double's own decimal expansion has up to a thousand
   * digits, of which six are wanted for each reason of each row: so they are counted off where that
   * is sure to give the same.
   */
  private static BigDecimal rounded(double value) {
    int scale = SHOWN - 1 - (int) Math.floor(Math.log10(Math.abs(value)));
    if (scale >= 0 && scale <= EXACT_POWER) {
      double digits = value * Math.pow(10, scale);
      double toNext = Math.abs(digits - Math.rint(digits));
      if (Math.abs(digits) >= LEAST && Math.abs(digits) < 10 * LEAST && toNext < NO_TIE) {
        return BigDecimal.valueOf((long) Math.rint(digits), scale);
      }
    }
    return new BigDecimal(value).round(new MathContext(SHOWN));
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
