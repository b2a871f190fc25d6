package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.RejectCounts;
import io.latentlake.data.RejectReason;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;

/** How many rows were scored, and how many were not, by reason. Grows as rows are counted. */
public final class RowCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private long scored;
  private double[] sums = new double[0];
  private final RejectCounts rejected = new RejectCounts();

  /** Counts a partition's rows by whether they can be scored. */
  static RowCounts of(Iterator<InternalRow> rows, BoundEncoder encoder) {
    var counts = new RowCounts();
    var scratch = new float[encoder.width()];
    while (rows.hasNext()) {
      encoder
          .encode(rows.next(), scratch, 0)
          .ifPresentOrElse(counts::countRejected, counts::countScored);
    }
    return counts;
  }

  void countScored() {
    scored++;
  }

  void countRejected(RejectReason reason) {
    rejected.add(reason);
  }

  void setSums(double[] overRows) {
    sums = overRows;
  }

  /** What the job summed over the rows that it used; empty where it had no more than such rows. */
  double[] sums() {
    return sums;
  }

  void add(RowCounts other) {
    scored += other.scored;
    rejected.add(other.rejected);
    double[] both = Arrays.copyOf(sums, Math.max(sums.length, other.sums.length));
    for (int i = 0; i < other.sums.length; i++) {
      both[i] += other.sums[i];
    }
    sums = both;
  }

  /** Rows that there were. */
  long total() {
    return scored + rejected();
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
