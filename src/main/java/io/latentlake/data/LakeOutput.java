package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A Delta or Iceberg table that is written to, by name or path: made when it isn't there, appended
 * to when it is, or its rows replaced. Writing commits, as one version of the table. Rows that
 * could not be used go to a table of the same format, called the same with {@value #REJECTED}
 * behind.
 */
public final class LakeOutput implements TableOutput {
  /** Behind the table's name or path. */
  public static final String REJECTED = "_rejected";

  private final SparkSession spark;
  private final String target;
  private final Format format;
  private final boolean overwrite;
  private final Optional<BatchMark> mark;
  private boolean anyRejected;

  /** How a table that isn't there yet is made; known with {@link #requireFit}. */
  private Made made = new Made(new StructType(), List.of());

  private Made madeOfRejected = made;

  private record Made(StructType columns, List<String> partitionBy) {}

  /**
   * An output.
   *
   * @param target a table's name, such as {@code sales.scores}, or a path
   * @param overwrite whether its rows are replaced; the table keeps the version that has them
   * @throws InvalidInputException when the format's library isn't there
   */
  public LakeOutput(SparkSession spark, String target, Format format, boolean overwrite) {
    this(spark, target, format, overwrite, Optional.empty());
  }

  /**
   * The same for a stream's batch.
   *
   * @param mark what its commits bear; rows are not written to a table that has one with it
   */
  LakeOutput(
      SparkSession spark,
      String target,
      Format format,
      boolean overwrite,
      Optional<BatchMark> mark) {
    format.requireInstalled();
    this.spark = spark;
    this.target = target;
    this.format = format;
    this.overwrite = overwrite;
    this.mark = mark;
  }

  /** Whether there is such a table already, which has its own layout. */
  public static boolean isThere(SparkSession spark, String target, Format format) {
    format.requireInstalled();
    return LakeTables.exists(spark, target, format);
  }

  @Override
  public void requireFit(StructType rows, List<String> partitionBy) {
    requireFit(target, rows, partitionBy);
    made = new Made(rows, partitionBy);
  }

  @Override
  public void requireRejectedFit(StructType rejected) {
    requireFit(target + REJECTED, rejected, List.of());
    madeOfRejected = new Made(rejected, List.of());
  }

  private void requireFit(String name, StructType rows, List<String> partitionBy) {
    var table = new AppendedTable(spark, name, format);
    if (!overwrite || !table.isReplaceable()) {
      table.requireFit(rows, partitionBy);
    }
  }

  @Override
  public void write(DataFrameWriter<Row> rows) {
    write(rows, target, made);
  }

  @Override
  public void writeRejected(DataFrameWriter<Row> rows) {
    anyRejected = true;
    write(rows.format(format.label()), target + REJECTED, madeOfRejected);
  }

  @Override
  public String rejected(String output) {
    return output + REJECTED;
  }

  private void write(DataFrameWriter<Row> rows, String table, Made as) {
    boolean exists = LakeTables.exists(spark, table, format);
    if (!exists && format == Format.ICEBERG && !LakeTables.isName(table)) {
      LakeTables.createIceberg(spark, table, as.columns, as.partitionBy);
    }
    if (mark.isEmpty()) {
      write(rows, table, exists);
    } else if (exists && mark.get().isIn(spark, table, format)) {
      // They are there; worked through all the same, because who writes counts them.
      rows.format("noop").mode(SaveMode.Append).save();
    } else {
      mark.get().on(spark, rows, format, marked -> write(marked, table, exists));
    }
  }

  private void write(DataFrameWriter<Row> rows, String table, boolean exists) {
    DataFrameWriter<Row> writer =
        rows.mode(exists && overwrite ? SaveMode.Overwrite : SaveMode.Append);
    if (!LakeTables.isName(table)) {
      replacing(writer).save(table);
    } else if (exists && overwrite && format == Format.DELTA) {
      // Spark's way to replace a table by its name asks Delta for what that doesn't have.
      replacing(writer).save(LakeTables.location(spark, table));
    } else {
      writer.saveAsTable(table);
    }
  }

  private DataFrameWriter<Row> replacing(DataFrameWriter<Row> writer) {
    return overwrite ? writer.option("overwriteSchema", true) : writer;
  }

  @Override
  public boolean isStaged() {
    return false;
  }

  /** What is appended is there twice when it is again, unless a mark tells. */
  @Override
  public boolean isRepeatable() {
    return overwrite || mark.isPresent();
  }

  /** Each write was one; what is left is what a run before found unusable, and this one did not. */
  @Override
  public void commit() {
    String rejected = target + REJECTED;
    if (overwrite && !anyRejected && LakeTables.exists(spark, rejected, format)) {
      empty(rejected);
    }
  }

  /** SQL has no paths of Iceberg's. */
  private void empty(String table) {
    if (format == Format.ICEBERG && !LakeTables.isName(table)) {
      Dataset<Row> none = LakeTables.there(spark, table, format).limit(0);
      none.write().format(format.label()).mode(SaveMode.Overwrite).save(table);
    } else {
      spark.sql("DELETE FROM " + LakeTables.inSql(table));
    }
  }
}
