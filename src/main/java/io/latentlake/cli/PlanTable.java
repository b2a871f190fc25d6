package io.latentlake.cli;

import io.latentlake.data.ColumnPlan;
import io.latentlake.data.FeaturePlan;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints what becomes of a table's columns. */
final class PlanTable {
  private static final int WIDEST = 30;

  private PlanTable() {}

  static void print(FeaturePlan plan, PrintWriter out) {
    int widest =
        Math.min(WIDEST, plan.names().stream().mapToInt(String::length).max().orElseThrow());
    for (ColumnPlan column : plan.columns()) {
      String missing =
          column.missing() == 0
              ? ""
              : String.format(Locale.ROOT, "; missing in %.3g %%", 100 * column.missing());
      out.printf(
          Locale.ROOT,
          "  %-" + widest + "s  %s (%d): %s%s%n",
          column.name(),
          column.label(),
          column.width(),
          column.becomes(),
          missing);
    }
  }
}
