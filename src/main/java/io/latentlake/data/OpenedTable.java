package io.latentlake.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.connector.expressions.IdentityTransform;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import scala.collection.JavaConverters;

/**
 * A table that was opened.
 *
 * @param input its path or name
 * @param version the one that is read, where it keeps any
 * @param rows the table
 */
public record OpenedTable(String input, Optional<String> version, Dataset<Row> rows) {

  /** What errors and the model call it: its path or name, and the version that is read. */
  public String name() {
    return version.map(read -> input + " VERSION AS OF " + read).orElse(input);
  }

  /**
   * The columns that make its folders, outermost first; none of a table that isn't of folders, and
   * not those that the way to it leads through. Of an Iceberg table those that it is partitioned by
   * as they are, and not what is made of others (days, buckets).
   */
  public static List<String> partitionedBy(Dataset<Row> table) {
    return leaves(table).flatMap(OpenedTable::partitions).distinct().toList();
  }

  /** The columns that make its folders, those too that the way to it leads through. */
  static List<String> folders(Dataset<Row> table) {
    return leaves(table)
        .flatMap(leaf -> files(leaf).stream())
        .flatMap(OpenedTable::folders)
        .distinct()
        .toList();
  }

  private static Stream<LogicalPlan> leaves(Dataset<Row> table) {
    return JavaConverters.seqAsJavaList(table.queryExecution().analyzed().collectLeaves()).stream();
  }

  private static Optional<HadoopFsRelation> files(LogicalPlan leaf) {
    return leaf instanceof LogicalRelation relation
            && relation.relation() instanceof HadoopFsRelation files
        ? Optional.of(files)
        : Optional.empty();
  }

  private static Stream<String> partitions(LogicalPlan leaf) {
    return leaf instanceof DataSourceV2Relation relation
        ? Stream.of(relation.table().partitioning())
            .filter(IdentityTransform.class::isInstance)
            .map(as -> as.references()[0].fieldNames())
            .filter(names -> names.length == 1)
            .map(names -> names[0])
        : files(leaf).stream().flatMap(OpenedTable::foldersBelow);
  }

  private static Stream<String> folders(HadoopFsRelation files) {
    return Stream.of(files.partitionSchema().fieldNames());
  }

  private static Stream<String> foldersBelow(HadoopFsRelation files) {
    List<String> above =
        JavaConverters.seqAsJavaList(files.location().rootPaths()).stream()
            .flatMap(path -> Stream.of(path.toUri().getPath().split("/")))
            .toList();
    return folders(files)
        .filter(name -> above.stream().noneMatch(folder -> folder.startsWith(name + "=")));
  }
}
