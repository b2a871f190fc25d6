package io.latentlake.data;

import java.util.List;
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
 * @param name what errors and the model call it: its path or name, and the version that is read
 *     where it keeps any
 * @param rows the table
 */
public record OpenedTable(String name, Dataset<Row> rows) {

  /**
   * The columns that make its folders, outermost first; none of a table that isn't of folders, and
   * not those that the way to it leads through. Of an Iceberg table those that it is partitioned by
   * as they are, and not what is made of others (days, buckets).
   */
  public static List<String> partitionedBy(Dataset<Row> table) {
    return JavaConverters.seqAsJavaList(table.queryExecution().analyzed().collectLeaves()).stream()
        .flatMap(OpenedTable::partitions)
        .distinct()
        .toList();
  }

  private static Stream<String> partitions(LogicalPlan leaf) {
    if (leaf instanceof LogicalRelation relation
        && relation.relation() instanceof HadoopFsRelation files) {
      return folders(files);
    }
    return leaf instanceof DataSourceV2Relation relation
        ? Stream.of(relation.table().partitioning())
            .filter(IdentityTransform.class::isInstance)
            .map(as -> as.references()[0].fieldNames())
            .filter(names -> names.length == 1)
            .map(names -> names[0])
        : Stream.of();
  }

  private static Stream<String> folders(HadoopFsRelation files) {
    List<String> above =
        JavaConverters.seqAsJavaList(files.location().rootPaths()).stream()
            .flatMap(path -> Stream.of(path.toUri().getPath().split("/")))
            .toList();
    return Stream.of(files.partitionSchema().fieldNames())
        .filter(name -> above.stream().noneMatch(folder -> folder.startsWith(name + "=")));
  }
}
