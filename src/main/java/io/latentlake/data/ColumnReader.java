package io.latentlake.data;

import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;

/** Reads one column of a row that has it. */
public interface ColumnReader {
  /**
   * Writes the column's numbers.
   *
   * @param target where to, from {@code at} on
   * @return why the row can't be used; empty when it can
   */
  Optional<RejectReason> read(InternalRow row, int ordinal, float[] target, int at);
}
