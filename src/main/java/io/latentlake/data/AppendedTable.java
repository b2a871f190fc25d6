package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * A Delta or Iceberg table that rows are appended to, or that is made of them.
 *
 * @param table its name or path
 */
record AppendedTable(SparkSession spark, String table, Format format) {

  /**
   * Checks that the table that is there takes such rows, or that one can be made.
   *
   * @param partitionBy as which they are asked to be laid out; none where that is left to the table
   * @throws InvalidInputException naming what doesn't fit
   */
  void requireFit(StructType rows, List<String> partitionBy) {
    if (!LakeTables.exists(spark, table, format)) {
      requireDatabase();
      return;
    }
    Dataset<Row> there = LakeTables.there(spark, table, format);
    var differences = new ArrayList<String>();
    for (StructField field : rows.fields()) {
      difference(field, there.schema()).ifPresent(differences::add);
    }
    for (StructField field : there.schema().fields()) {
      if (!field.nullable() && named(rows, field.name()).isEmpty()) {
        differences.add(
            "its column '%s' may not be null, and isn't written".formatted(field.name()));
      }
    }
    if (!partitionBy.isEmpty()) {
      TreeSet<String> partitions = partitions(there);
      if (!partitions.equals(names(partitionBy))) {
        differences.add(
            "it is partitioned by %s, and not by %s (--partition-by '' leaves that to the table)"
                .formatted(partitions, partitionBy));
      }
    }
    if (!differences.isEmpty()) {
      throw new InvalidInputException(
          "%s: rows can't be written to that table: %s; write what it has, or to another table%s"
              .formatted(
                  table,
                  String.join("; ", differences),
                  isReplaceable() ? ", or with --overwrite" : ""));
    }
  }

  /** Whether overwriting makes the table anew, and not only its rows. */
  boolean isReplaceable() {
    return format != Format.ICEBERG || LakeTables.isName(table);
  }

  /** Other catalogs than the session's, where Iceberg's tables mostly are, may make it. */
  private void requireDatabase() {
    int dot = table.lastIndexOf('.');
    if (format != Format.DELTA || !LakeTables.isName(table) || dot < 0) {
      return;
    }
    String database = table.substring(0, dot);
    if (!spark.catalog().databaseExists(database)) {
      throw new InvalidInputException(
          "%s: there is no database %s; make it with CREATE DATABASE %s, or name another"
              .formatted(table, database, database));
    }
  }

  private static Optional<String> difference(StructField field, StructType there) {
    Optional<StructField> same = named(there, field.name());
    if (same.isEmpty()) {
      return Optional.of("it has no column '%s'".formatted(field.name()));
    }
    DataType taken = same.get().dataType();
    return takes(taken, field.dataType())
        ? Optional.empty()
        : Optional.of(
            "its column '%s' is %s, and what is written %s"
                .formatted(field.name(), taken.simpleString(), field.dataType().simpleString()));
  }

  private static boolean takes(DataType there, DataType written) {
    return there instanceof AtomicType
        ? Cast.canANSIStoreAssign(written, there)
        : DataType.equalsIgnoreCaseAndNullability(written, there);
  }

  /** Spark's column names don't distinguish cases, unless it is told to. */
  private static Optional<StructField> named(StructType schema, String name) {
    return Arrays.stream(schema.fields()).filter(f -> f.name().equalsIgnoreCase(name)).findFirst();
  }

  private static TreeSet<String> names(List<String> columns) {
    var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(columns);
    return names;
  }

  /** Columns, and of Iceberg what is made of them, such as {@code days(ordered_at)}. */
  private TreeSet<String> partitions(Dataset<Row> there) {
    if (format == Format.DELTA) {
      String detail = "DESCRIBE DETAIL " + LakeTables.inSql(table);
      return names(spark.sql(detail).select("partitionColumns").first().getList(0));
    }
    return names(
        JavaConverters.seqAsJavaList(there.queryExecution().analyzed().collectLeaves()).stream()
            .filter(DataSourceV2Relation.class::isInstance)
            .flatMap(leaf -> Stream.of(((DataSourceV2Relation) leaf).table().partitioning()))
            .map(AppendedTable::described)
            .toList());
  }

  private static String described(Transform partition) {
    return partition.name().equals("identity")
        ? String.join(".", partition.references()[0].fieldNames())
        : partition.describe();
  }
}
