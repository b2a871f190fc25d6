package io.latentlake.data;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table that was opened.
 *
 * @param name what errors and the model call it: its path or name, and the version that is read
 *     where it keeps any
 * @param rows the table
 */
public record OpenedTable(String name, Dataset<Row> rows) {}
