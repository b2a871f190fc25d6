package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What a batch keeps of a row that came in, as copies.
 *
 * @param kept the columns that go along into the output
 * @param whole the row as it came; empty where the work doesn't read it
 * @param encoder knows the row's columns
 */
record InputRow(InternalRow kept, InternalRow whole, BoundEncoder encoder) {

  /**
   * Copies of a row.
   *
   * @param isRead whether the work reads more of it than its features
   */
  static InputRow of(InternalRow row, BoundEncoder encoder, boolean isRead) {
    if (!isRead) {
      return new InputRow(encoder.kept(row).copy(), InternalRow.empty(), encoder);
    }
    InternalRow whole = row.copy();
    return new InputRow(encoder.kept(whole), whole, encoder);
  }

  /** A column's own value, of a row that is read; see {@link BoundEncoder#ownText}. */
  UTF8String text(int column, int element) {
    return encoder.ownText(whole, column, element);
  }
}
