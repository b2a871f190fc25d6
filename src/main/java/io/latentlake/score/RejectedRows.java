package io.latentlake.score;

import io.latentlake.data.RejectReason;
import io.latentlake.data.RowEncoder;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The rows that can't be scored, whole, each with the reason behind its last column. */
final class RejectedRows implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final RowEncoder encoder;
  private final float[] scratch;
  private Row next;

  RejectedRows(Iterator<Row> rows, RowEncoder encoder) {
    this.rows = rows;
    this.encoder = encoder;
    this.scratch = new float[encoder.plan().width()];
  }

  @Override
  public boolean hasNext() {
    while (next == null && rows.hasNext()) {
      Row row = rows.next();
      Optional<RejectReason> reason = encoder.encode(row, scratch, 0);
      next = reason.map(why -> withReason(row, why)).orElse(null);
    }
    return next != null;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = next;
    next = null;
    return row;
  }

  private static Row withReason(Row row, RejectReason reason) {
    var values = new Object[row.size() + 1];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    values[row.size()] = reason.name();
    return RowFactory.create(values);
  }
}
