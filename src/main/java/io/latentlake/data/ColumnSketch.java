package io.latentlake.data;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;

/** What one pass learns of a column, in bounded memory; those of two partitions can be merged. */
abstract sealed class ColumnSketch implements Serializable permits NumberSketch, LevelSketch {
  private static final long serialVersionUID = 1L;

  private final DataType type;
  private long rows;
  private long missing;

  ColumnSketch(DataType type) {
    this.type = type;
  }

  /** The column's. */
  final DataType type() {
    return type;
  }

  /** Takes a row in. */
  final void add(InternalRow row, int ordinal) {
    rows++;
    if (row.isNullAt(ordinal) || !addValue(row, ordinal)) {
      missing++;
    }
  }

  /** Takes a value in, which isn't null; false where it is missing all the same. */
  abstract boolean addValue(InternalRow row, int ordinal);

  /** Takes in what another of the same column has seen. */
  final void merge(ColumnSketch other) {
    rows += other.rows;
    missing += other.missing;
    mergeValues(other);
  }

  abstract void mergeValues(ColumnSketch other);

  /** Rows that have a value. */
  final long values() {
    return rows - missing;
  }

  /** Share of the rows that have none; 0 where there are no rows. */
  final double missing() {
    return rows == 0 ? 0 : Significant.kept((double) missing / rows);
  }
}
