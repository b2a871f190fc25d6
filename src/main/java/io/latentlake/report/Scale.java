package io.latentlake.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * How numbers become places along an axis.
 *
 * @param low the number at the axis's beginning; finite
 * @param high at its end; above {@code low}, and finite
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

  Scale {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low >= high) {
      throw new IllegalArgumentException("no axis goes from %s to %s".formatted(low, high));
    }
    if (logarithmic && low <= 0) {
      throw new IllegalArgumentException("no axis of ratios begins at " + low);
    }
  }

  /**
   * A linear one from the lowest of some numbers to the highest. Those that aren't finite, as the
   * loss of a network that has diverged, have no say.
   *
   * @param margin what is added at either end, as a share of the length
   */
  static Scale over(double[] values, double margin) {
    DoubleSummaryStatistics finite =
        Arrays.stream(values).filter(Double::isFinite).summaryStatistics();
    if (finite.getCount() == 0) {
      return linear(0, 1);
    }
    double more = margin * (finite.getMax() - finite.getMin());
    return linear(finite.getMin() - more, finite.getMax() + more);
  }

  /** A linear one, widened where its ends fall together. */
  static Scale linear(double low, double high) {
    double most = high - low >= LEAST ? high : low + Math.max(1, Math.abs(low));
    return new Scale(low, most, 0, 1, false, false);
  }

  /** One of ratios where it can be: of what isn't above 0 there are none. */
  static Scale logarithmic(double low, double high) {
    double least = Math.max(low, LEAST);
    return low > 0 && high > least ? new Scale(least, high, 0, 1, true, false) : linear(low, high);
  }

  /** The same of whole numbers. */
  static Scale counting(double low, double high) {
    return new Scale(low, Math.max(high, low + 1), 0, 1, false, true);
  }

  /** The same numbers between other places. */
  Scale between(double start, double end) {
    return new Scale(low, high, start, end, logarithmic, whole);
  }

  /** The place of a number; those outside are at the axis's ends, what is no number at the far. */
  double at(double value) {
    double known = Double.isNaN(value) ? high : Math.max(low, Math.min(high, value));
    double share = (measure(known) - measure(low)) / (measure(high) - measure(low));
    return from + Math.max(0, Math.min(1, share)) * (to - from);
  }

  private double measure(double value) {
    return logarithmic ? Math.log(value) : value;
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

  /** Powers of ten, as far apart as it takes; 2 and 5 times them too where there is room. */
  private List<Double> logarithmicTicks(int wanted) {
    var ticks = new ArrayList<Double>();
    double decades = Math.log10(high) - Math.log10(low);
    double[] steps = 3 * decades <= wanted ? new double[] {1, 2, 5} : new double[] {1};
    int stride = Math.max(1, (int) Math.ceil(decades / wanted));
    int last = (int) Math.floor(Math.log10(high));
    for (int power = (int) Math.floor(Math.log10(low)); power <= last; power += stride) {
      for (double step : steps) {
        double tick = step * Math.pow(10, power);
        if (tick >= low && tick <= high) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }
}
