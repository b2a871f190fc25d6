package io.latentlake.cli;

import io.latentlake.data.BadRowBudget;
import io.latentlake.data.RejectReason;
import io.latentlake.spec.TrainSpec;
import java.io.PrintWriter;
import java.util.Map;

/** Shows how training goes, which doesn't begin when too many rows can't be used. */
final class BudgetedProgress extends ConsoleProgress {
  private final String table;
  private final BadRowBudget budget;

  /**
   * Progress of one run.
   *
   * @param table its name, for the error
   */
  BudgetedProgress(PrintWriter out, String table, BadRowBudget budget) {
    super(out);
    this.table = table;
    this.budget = budget;
  }

  /**
   * Checks the rows before the first epoch.
   *
   * @throws io.latentlake.data.TooManyBadRowsException when too many can't be used
   */
  @Override
  public void started(
      long rows, Map<RejectReason, Long> rejected, TrainSpec requested, TrainSpec resolved) {
    budget.require(table, rows, rejected);
    super.started(rows, rejected, requested, resolved);
  }
}
