package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * How a table is laid out where it is written.
 *
 * @param format of its files
 * @param partitionBy columns that make folders, outermost first; may be empty
 * @param maxRecordsPerFile rows a file has at most; 0 for no limit
 */
public record Layout(Format format, List<String> partitionBy, long maxRecordsPerFile) {
  public Layout {
    partitionBy = List.copyOf(partitionBy);
    if (maxRecordsPerFile < 0) {
      throw new InvalidInputException(
          "--max-records-per-file %d: must be at least 0; 0 is no limit"
              .formatted(maxRecordsPerFile));
    }
  }

  /** Unpartitioned, in files as large as Spark makes them. */
  public static Layout of(Format format) {
    return new Layout(format, List.of(), 0);
  }

  /**
   * Checks that a table can be written so.
   *
   * @throws InvalidInputException when it can't
   */
  public void requireFit(StructType table) {
    if (format == Format.IDX || format == Format.TABLE) {
      throw new InvalidInputException(
          "--output-format %s: no format that a table can be written in; use parquet, delta or iceberg"
              .formatted(format.label()));
    }
    List<String> columns = List.of(table.fieldNames());
    for (String column : partitionBy) {
      if (!columns.contains(column)) {
        throw new InvalidInputException(
            "--partition-by %s: the output has no column '%s'; name it in --keep, or take one of %s"
                .formatted(String.join(",", partitionBy), column, String.join(", ", columns)));
      }
      requireFolders(column, table.apply(column).dataType());
    }
  }

  private void requireFolders(String column, DataType type) {
    if (!(type instanceof AtomicType)) {
      throw new InvalidInputException(
          "--partition-by %s: column '%s' is %s, whose values name no folders; take text, numbers, booleans or times"
              .formatted(String.join(",", partitionBy), column, type.simpleString()));
    }
    if (Collections.frequency(partitionBy, column) > 1) {
      throw new InvalidInputException(
          "--partition-by %s: column '%s' is named twice; name it once"
              .formatted(String.join(",", partitionBy), column));
    }
  }

  /** A writer that lays its rows out so. */
  public DataFrameWriter<Row> apply(DataFrameWriter<Row> rows) {
    DataFrameWriter<Row> writer = rows.format(format.label());
    if (!partitionBy.isEmpty()) {
      writer = writer.partitionBy(partitionBy.toArray(String[]::new));
    }
    return maxRecordsPerFile == 0 ? writer : writer.option("maxRecordsPerFile", maxRecordsPerFile);
  }
}
