package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.RejectReason;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;

/** The rows that can't be scored, whole, each with the reason behind its last column. */
final class RejectedRows implements Iterator<InternalRow> {
  private final Iterator<InternalRow> rows;
  private final BoundEncoder encoder;
  private final OutputRow output = new OutputRow(ScoreColumns.REJECTED);
  private final float[] scratch;
  private final Consumer<RowCounts> counts;
  private final RowCounts counted = new RowCounts();
  private InternalRow next;

  /**
   * A partition's.
   *
   * @param counts is given what was counted when the partition is done
   */
  RejectedRows(Iterator<InternalRow> rows, BoundEncoder encoder, Consumer<RowCounts> counts) {
    this.rows = rows;
    this.encoder = encoder;
    this.counts = counts;
    this.scratch = new float[encoder.width()];
  }

  @Override
  public boolean hasNext() {
    while (next == null && rows.hasNext()) {
      InternalRow row = rows.next();
      Optional<RejectReason> reason = encoder.encode(row, scratch, 0);
      reason.ifPresent(counted::countRejected);
      next = reason.map(why -> output.rejected(encoder.kept(row), why)).orElse(null);
    }
    if (next == null) {
      counts.accept(counted);
    }
    return next != null;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    InternalRow row = next;
    next = null;
    return row;
  }
}
