package io.latentlake.data;

import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * A row's columns as {@link MalformedRecords#whole} takes them together.
 *
 * @param ordinal where they are in the row
 * @param columns how many
 * @param text which of them is the text of a malformed record
 */
record WholeRecord(int ordinal, int columns, int text) {

  /** What is at a place of such rows; empty when it is something else. */
  static Optional<WholeRecord> at(int ordinal, StructType schema) {
    if (ordinal == schema.size()
        || !schema.fields()[ordinal].name().equals(MalformedRecords.TEXT)) {
      return Optional.empty();
    }
    var columns = (StructType) schema.fields()[ordinal].dataType();
    return Optional.of(
        new WholeRecord(ordinal, columns.size(), columns.fieldIndex(MalformedRecords.TEXT)));
  }

  boolean isMalformed(InternalRow row) {
    return !row.getStruct(ordinal, columns).isNullAt(text);
  }
}
