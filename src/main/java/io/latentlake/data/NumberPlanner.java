package io.latentlake.data;

import io.latentlake.data.ScaledNumber.Scaling;

/** Makes plans of columns of numbers from what is known of their distribution. */
final class NumberPlanner {
  /** Of a normal distribution, in standard deviations. */
  private static final double INTERQUARTILE_RANGE = 1.349;

  private static final double INNER_90_PERCENT = 3.29;

  /**
   * How many times as long as half the interquartile range the longer tail must be, up to the 0.1 %
   * that is furthest out, to be heavy: 4.6 for a normal distribution, 9 for Laplace's, 11 for an
   * exponential one, 29 for a log-normal one.
   */
  private static final double HEAVY = 10;

  /** Where even an interquartile range is no scale for such a tail on both sides. */
  private static final double VERY_HEAVY = 50;

  private final String name;
  private final NumberSketch sketch;

  /** A planner of a column that has values. */
  NumberPlanner(String name, NumberSketch sketch) {
    this.name = name;
    this.sketch = sketch;
  }

  /** What a column is to become, of which nothing else is asked. */
  ScaledNumber automatic() {
    double tail = tail();
    boolean positive = sketch.quantile(0) >= 0;
    if (tail > VERY_HEAVY || (tail > HEAVY && positive)) {
      return logarithm();
    }
    return scaled(tail > HEAVY ? Scaling.ROBUST : Scaling.STANDARD);
  }

  /** The longer tail in units of what half of the values are within. */
  private double tail() {
    double middle = sketch.quantile(0.5);
    double longer = Math.max(sketch.quantile(0.999) - middle, middle - sketch.quantile(0.001));
    double half = (sketch.quantile(0.75) - sketch.quantile(0.25)) / 2;
    // Most values are the same: a tail is then long where few are far beyond the deviation.
    return half > 0 ? longer / half : longer / Math.max(sketch.standardDeviation(), 1e-300);
  }

  /** A number as it is, scaled. */
  ScaledNumber scaled(Scaling scaling) {
    double lowest = sketch.quantile(0);
    return switch (scaling) {
      case STANDARD -> plan(scaling, 0, sketch.mean(), sketch.standardDeviation());
      case ROBUST -> plan(scaling, 0, sketch.quantile(0.5), deviation(0));
      case MIN_MAX -> plan(scaling, 0, lowest, sketch.quantile(1) - lowest);
      case NONE -> plan(scaling, 0, 0, 1);
    };
  }

  /** A number's logarithm: of 1 + x, or of a smaller unit where most are smaller than that. */
  ScaledNumber logarithm() {
    double middle = Math.max(Math.abs(sketch.quantile(0.25)), Math.abs(sketch.quantile(0.75)));
    double unit = middle > 0 ? Math.min(1, Significant.kept(middle)) : 1;
    double center = ScaledNumber.logarithm(sketch.quantile(0.5), unit);
    return plan(Scaling.ROBUST, unit, center, deviation(unit));
  }

  /**
   * The deviation of a normal distribution that is as wide in the middle; 0 where there is none.
   */
  private double deviation(double unit) {
    double quarters = between(0.25, 0.75, unit) / INTERQUARTILE_RANGE;
    return quarters > 0 ? quarters : between(0.05, 0.95, unit) / INNER_90_PERCENT;
  }

  private double between(double low, double high, double unit) {
    return ScaledNumber.logarithm(sketch.quantile(high), unit)
        - ScaledNumber.logarithm(sketch.quantile(low), unit);
  }

  /** With a scale of 1 where all values are the same, or too far apart for a difference. */
  private ScaledNumber plan(Scaling scaling, double unit, double center, double scale) {
    double kept = scale > 0 && Double.isFinite(scale) ? Significant.kept(scale) : 1;
    return new ScaledNumber(
        name,
        scaling,
        unit,
        Double.isFinite(center) ? rounded(center, kept) : 0,
        kept,
        sketch.isWhole(),
        sketch.missing());
  }

  /** To a thousandth of the scale, so that quantiles that are approximate agree. */
  private static double rounded(double center, double scale) {
    double step = Math.pow(10, Math.floor(Math.log10(scale)) - 3);
    double steps = Math.rint(center / step);
    return step > 0 && Math.abs(steps) < 1e15 ? steps * step : center;
  }
}
