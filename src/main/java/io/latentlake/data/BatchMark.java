package io.latentlake.data;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What tells in a Delta or Iceberg table's history that a stream's batch has been written to it.
 *
 * @param checkpoint the id of the stream's checkpoint
 * @param batch its number
 */
record BatchMark(String checkpoint, long batch) {
  private static final String PROPERTY = "latentlake-batch";
  private static final String DELTA_PROPERTY = "spark.databricks.delta.commitInfo.userMetadata";

  private String text() {
    return checkpoint + "/" + batch;
  }

  /**
   * Writes with the mark on the commit.
   *
   * @param writer of the rows
   * @param write what is to be done with the writer
   */
  void on(
      SparkSession spark,
      DataFrameWriter<Row> writer,
      Format format,
      Consumer<DataFrameWriter<Row>> write) {
    if (format != Format.DELTA) {
      write.accept(writer.option("snapshot-property." + PROPERTY, text()));
      return;
    }
    // Not as an option of the writer: that is forgotten when the write makes a table of that name.
    try (var settings = new SessionSettings(spark, Map.of(DELTA_PROPERTY, text()))) {
      // By these Delta itself refuses a batch twice, if another process is at it.
      write.accept(writer.option("txnAppId", checkpoint).option("txnVersion", batch));
    }
  }

  /** Whether a table that exists has a commit with this mark. */
  boolean isIn(SparkSession spark, String table, Format format) {
    var commits =
        format == Format.DELTA
            ? spark
                .sql("DESCRIBE HISTORY " + LakeTables.inSql(table))
                .where("userMetadata = '%s'".formatted(text()))
            : LakeTables.metadata(spark, table, "snapshots")
                .where("summary['%s'] = '%s'".formatted(PROPERTY, text()));
    return !commits.isEmpty();
  }
}
