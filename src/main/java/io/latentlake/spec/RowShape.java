package io.latentlake.spec;

import java.io.Serializable;

/**
 * What a network's rows are: features, and behind them a condition.
 *
 * @param features numbers that p(x | z, c) is a density of
 * @param condition numbers that only encoder and decoder look at; 0 where there is none
 * @param gaps whether a feature may be missing: NaN stands for it
 */
public record RowShape(int features, int condition, boolean gaps) implements Serializable {

  public RowShape {
    Require.atLeast("features", features, 1);
    Require.atLeast("condition", condition, 0);
  }

  /** Rows of which nothing is missing. */
  public RowShape(int features, int condition) {
    this(features, condition, false);
  }

  /** Rows without a condition. */
  public static RowShape of(int features) {
    return new RowShape(features, 0);
  }

  /** Numbers a row. */
  public int width() {
    return Math.addExact(features, condition);
  }
}
