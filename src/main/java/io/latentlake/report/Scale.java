package io.latentlake.report;

import java.util.ArrayList;
import java.util.List;

/**
 * How numbers become places along an axis.
 *
 * @param low the number at the axis's beginning
 * @param high at its end; above {@code low}
 * @param from where the axis begins
 * @param to where it ends
 * @param logarithmic whether equal ratios, rather than differences, are equally far apart; {@code
 *     low} is above 0 then
 * @param whole whether only whole numbers mean anything
 */
record Scale(double low, double high, double from, double to, boolean logarithmic, boolean whole) {
  private static final double[] STEPS = {1, 2, 5, 10};

  /** Of less there are no powers of ten. */
  private static final double LEAST = 1e-300;

  /** A linear one, widened where its ends fall together. */
  static Scale linear(double low, double high) {
    double most = high - low >= LEAST ? high : low + Math.max(1, Math.abs(low));
    return new Scale(low, most, 0, 1, false, false);
  }

  /** One of ratios; {@code low} is above 0. */
  static Scale logarithmic(double low, double high) {
    return new Scale(Math.max(low, LEAST), Math.min(high, Double.MAX_VALUE), 0, 1, true, false);
  }

  /** The same of whole numbers. */
  static Scale counting(double low, double high) {
    return new Scale(low, Math.max(high, low + 1), 0, 1, false, true);
  }

  /** The same numbers between other places. */
  Scale between(double start, double end) {
    return new Scale(low, high, start, end, logarithmic, whole);
  }

  /** The place of a number; those outside are at the axis's ends. */
  double at(double value) {
    double share = (measure(value) - measure(low)) / (measure(high) - measure(low));
    return from + Math.max(0, Math.min(1, share)) * (to - from);
  }

  private double measure(double value) {
    return logarithmic ? Math.log(Math.max(value, low)) : value;
  }

  /** So many numbers that divide the axis evenly, without its beginning; the last is its end. */
  double[] divided(int parts) {
    var edges = new double[parts];
    for (int i = 0; i < parts; i++) {
      double measure = measure(low) + (measure(high) - measure(low)) * (i + 1) / parts;
      edges[i] = logarithmic ? Math.exp(measure) : measure;
    }
    return edges;
  }

  /** Round numbers on the axis, some {@code wanted} of them. */
  List<Double> ticks(int wanted) {
    return logarithmic ? logarithmicTicks(wanted) : linearTicks(wanted);
  }

  private List<Double> linearTicks(int wanted) {
    double step = step(whole ? Math.max(1, (high - low) / wanted) : (high - low) / wanted);
    var ticks = new ArrayList<Double>();
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** The least of 1, 2 and 5 times a power of ten that is at least so large. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double step : STEPS) {
      if (step * power >= least) {
        return step * power;
      }
    }
    return 10 * power;
  }

  private List<Double> logarithmicTicks(int wanted) {
    var ticks = new ArrayList<Double>();
    double decades = Math.log10(high / low);
    for (double power = Math.pow(10, Math.floor(Math.log10(low))); power <= high; power *= 10) {
      for (double step : new double[] {1, 2, 5}) {
        boolean shown = step == 1 || 3 * decades <= wanted;
        if (shown && step * power >= low && step * power <= high) {
          ticks.add(step * power);
        }
      }
    }
    return ticks;
  }
}
