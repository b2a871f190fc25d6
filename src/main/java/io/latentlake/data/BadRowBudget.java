package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How many of a table's rows may be unusable before a job fails instead of keeping them apart.
 *
 * @param share of all rows, 0 to 1
 * @param rows number of them
 */
public record BadRowBudget(double share, long rows) {
  /** However many there are. */
  public static final BadRowBudget UNLIMITED = new BadRowBudget(1, Long.MAX_VALUE);

  /** Of the rows that are allowed, for products such as 0.0003 · 10000 = 2.999…96. */
  private static final double ROUNDING = 1e-12;

  private static final Pattern WANTED = Pattern.compile("(\\d+(?:\\.\\d+)?)%|(\\d{1,18})");

  /**
   * Reads a budget.
   *
   * @param option what it was given by, for errors
   * @param wanted such as {@code 0.1%} or {@code 100}
   * @throws InvalidInputException when it is neither a share nor a number of rows
   */
  public static BadRowBudget parse(String option, String wanted) {
    Matcher parts = WANTED.matcher(wanted.strip());
    boolean matches = parts.matches();
    double share = matches && parts.group(1) != null ? Double.parseDouble(parts.group(1)) / 100 : 1;
    if (!matches || share > 1) {
      throw new InvalidInputException(
          "%s %s: must be a share of the rows up to 100%%, such as 0.1%%, or a number of them, such as 100"
              .formatted(option, wanted));
    }
    long rows = parts.group(2) == null ? Long.MAX_VALUE : Long.parseLong(parts.group(2));
    return new BadRowBudget(share, rows);
  }

  /** Whether there may be too many at all. */
  public boolean isLimited() {
    return !equals(UNLIMITED);
  }

  /**
   * Checks what was counted.
   *
   * @param what the table's name
   * @param usable rows that can be used
   * @param rejected rows that can't, by reason
   * @throws TooManyBadRowsException when those are more than allowed
   */
  public void require(String what, long usable, Map<RejectReason, Long> rejected) {
    long bad = rejected.values().stream().mapToLong(count -> count).sum();
    long all = usable + bad;
    if (bad > rows || bad > share * all * (1 + ROUNDING)) {
      String reasons =
          rejected.entrySet().stream()
              .map(entry -> "%s: %,d".formatted(entry.getKey(), entry.getValue()))
              .collect(Collectors.joining(", "));
      throw new TooManyBadRowsException(
          String.format(
              Locale.ROOT,
              "%s: %,d of %,d rows can't be used (%s), more than the %s allowed by --max-bad-rows; nothing was written: mend them, or allow more",
              what,
              bad,
              all,
              reasons,
              allowed()));
    }
  }

  private String allowed() {
    return rows == Long.MAX_VALUE ? Significant.percent(share) : "%,d".formatted(rows);
  }
}
