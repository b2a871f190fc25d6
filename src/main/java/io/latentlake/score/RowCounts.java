package io.latentlake.score;

import io.latentlake.data.RejectCounts;
import io.latentlake.data.RejectReason;
import java.io.Serializable;
import java.util.Map;

/** How many rows were scored, and how many were not, by reason. Grows as rows are counted. */
public final class RowCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private long scored;
  private final RejectCounts rejected = new RejectCounts();

  void countScored() {
    scored++;
  }

  void countRejected(RejectReason reason) {
    rejected.add(reason);
  }

  void add(RowCounts other) {
    scored += other.scored;
    rejected.add(other.rejected);
  }

  /** Rows that were scored. */
  public long scored() {
    return scored;
  }

  /** Rows that were not scored. */
  public long rejected() {
    return rejected.total();
  }

  /** Rows that were not scored, by reason. */
  public Map<RejectReason, Long> rejectedByReason() {
    return rejected.byReason();
  }

  @Override
  public String toString() {
    return "%d scored, %d rejected %s".formatted(scored, rejected(), rejected);
  }
}
