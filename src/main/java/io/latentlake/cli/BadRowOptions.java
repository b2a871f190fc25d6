package io.latentlake.cli;

import io.latentlake.data.BadRowBudget;
import io.latentlake.score.OnBadRow;
import io.latentlake.spec.InvalidInputException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What becomes of rows that can't be used. */
final class BadRowOptions {
  static final String MAX_BAD_ROWS = "--max-bad-rows";

  @Option(
      names = "--on-bad-row",
      defaultValue = "reject",
      description = "What becomes of a row that can't be used: reject (default) or fail.")
  private OnBadRow onBadRow;

  @Option(
      names = MAX_BAD_ROWS,
      paramLabel = "N|P%",
      description =
          "How many such rows there may be, or which share of all, before the job writes nothing and"
              + " exits with 4 (default: no limit).")
  private Optional<String> most = Optional.empty();

  OnBadRow onBadRow() {
    return onBadRow;
  }

  /**
   * How many there may be.
   *
   * @throws InvalidInputException when that makes no sense, or none at all may be there
   */
  BadRowBudget budget() {
    if (most.isPresent() && onBadRow == OnBadRow.FAIL) {
      throw new InvalidInputException(
          "%s %s: doesn't go with --on-bad-row fail, which allows none; leave out one of the two"
              .formatted(MAX_BAD_ROWS, most.get()));
    }
    return budget(most);
  }

  /** The budget of such an option, where it was given. */
  static BadRowBudget budget(Optional<String> wanted) {
    return wanted
        .map(text -> BadRowBudget.parse(MAX_BAD_ROWS, text))
        .orElse(BadRowBudget.UNLIMITED);
  }
}
