package io.latentlake.data;

import java.util.List;

/**
 * What was learned of a table.
 *
 * @param features the plan of its features
 * @param leftOut the columns that none are made of, where columns weren't named
 */
public record TablePlan(FeaturePlan features, List<LeftOut> leftOut) {
  public TablePlan {
    leftOut = List.copyOf(leftOut);
  }
}
