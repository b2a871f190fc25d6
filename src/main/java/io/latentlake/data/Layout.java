package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * How a table is laid out where it is written.
 *
 * @param format of its files
 * @param partitionBy columns that make folders, outermost first; may be empty
 * @param maxRecordsPerFile rows a file has at most; 0 for no limit
 * @param fileSize bytes that a file is to have, about; 0 for files as the tasks write them, one
 *     each in every folder that they have rows of
 */
public record Layout(
    Format format, List<String> partitionBy, long maxRecordsPerFile, long fileSize) {
  /** Parts that a shuffle has at first, to be joined to files: Spark's own default. */
  private static final int LEAST_SHUFFLED = 200;

  public Layout {
    partitionBy = List.copyOf(partitionBy);
    if (maxRecordsPerFile < 0) {
      throw new InvalidInputException(
          "--max-records-per-file %d: must be at least 0; 0 is no limit"
              .formatted(maxRecordsPerFile));
    }
    if (fileSize < 0) {
      throw new InvalidInputException(
          "--target-file-size %d: must be at least 0; 0 leaves files as tasks write them"
              .formatted(fileSize));
    }
  }

  /** Unpartitioned, in files as large as Spark makes them. */
  public static Layout of(Format format) {
    return new Layout(format, List.of(), 0, 0);
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

  /**
   * Writes rows so.
   *
   * @param options of the format's writer
   */
  public void write(Dataset<Row> rows, Map<String, String> options, TableOutput output) {
    SparkSession spark = rows.sparkSession();
    try (var settings = new SessionSettings(spark, rebalancing(spark))) {
      output.write(writer(rows).options(options));
    }
  }

  /**
   * For Spark to bring rows together in one shuffle and to cut what it has into parts of that size,
   * small ones joined and large ones split. What comes before the shuffle is computed once.
   */
  private Map<String, String> rebalancing(SparkSession spark) {
    if (fileSize == 0) {
      return Map.of();
    }
    int shuffled = spark.sessionState().conf().numShufflePartitions();
    String adaptive = "spark.sql.adaptive.";
    return Map.of(
        adaptive + "enabled",
        "true",
        adaptive + "advisoryPartitionSizeInBytes",
        fileSize + "b",
        adaptive + "coalescePartitions.minPartitionSize",
        fileSize + "b",
        adaptive + "coalescePartitions.enabled",
        "true",
        // Else Spark makes more of them, to have work for every core.
        adaptive + "coalescePartitions.parallelismFirst",
        "false",
        adaptive + "coalescePartitions.initialPartitionNum",
        String.valueOf(Math.max(shuffled, LEAST_SHUFFLED)),
        adaptive + "optimizeSkewsInRebalancePartitions.enabled",
        "true");
  }

  private DataFrameWriter<Row> writer(Dataset<Row> rows) {
    Object[] folders =
        partitionBy.stream().map(name -> FeaturePlanner.quoted(name).expr()).toArray();
    Dataset<Row> together = fileSize == 0 ? rows : rows.hint("rebalance", folders);
    DataFrameWriter<Row> writer = together.write().format(format.label());
    if (!partitionBy.isEmpty()) {
      writer = writer.partitionBy(partitionBy.toArray(String[]::new));
    }
    return maxRecordsPerFile == 0 ? writer : writer.option("maxRecordsPerFile", maxRecordsPerFile);
  }
}
