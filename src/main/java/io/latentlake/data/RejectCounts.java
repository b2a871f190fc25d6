package io.latentlake.data;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** How many rows could not be used, by reason. Grows as rows are counted. */
public final class RejectCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final EnumMap<RejectReason, Long> counts = new EnumMap<>(RejectReason.class);

  /** Counts one row. */
  public void add(RejectReason reason) {
    counts.merge(reason, 1L, Long::sum);
  }

  /** Counts what another has counted. */
  public void add(RejectCounts other) {
    other.counts.forEach((reason, count) -> counts.merge(reason, count, Long::sum));
  }

  /** Rows of every reason. */
  public long total() {
    return counts.values().stream().mapToLong(count -> count).sum();
  }

  /** Rows by reason, in the reasons' order; those without rows are left out. */
  public Map<RejectReason, Long> byReason() {
    return Collections.unmodifiableMap(new EnumMap<>(counts));
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
