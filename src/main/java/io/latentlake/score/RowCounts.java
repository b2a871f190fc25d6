package io.latentlake.score;

import io.latentlake.data.RejectReason;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/** How many rows were scored, and how many were not, by reason. Grows as rows are counted. */
public final class RowCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private long scored;
  private final Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);

  void countScored() {
    scored++;
  }

  void countRejected(RejectReason reason) {
    rejected.merge(reason, 1L, Long::sum);
  }

  void add(RowCounts other) {
    scored += other.scored;
    other.rejected.forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
  }

  /** Rows that were scored. */
  public long scored() {
    return scored;
  }

  /** Rows that were not scored. */
  public long rejected() {
    return rejected.values().stream().mapToLong(n -> n).sum();
  }

  /** Rows that were not scored, by reason. */
  public Map<RejectReason, Long> rejectedByReason() {
    return Map.copyOf(rejected);
  }

  @Override
  public String toString() {
    return "%d scored, %d rejected %s".formatted(scored, rejected(), rejected);
  }
}
