package io.latentlake.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
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
   * not those that the way to it leads through.
   */
  public static List<String> partitionedBy(Dataset<Row> table) {
    return JavaConverters.seqAsJavaList(table.queryExecution().analyzed().collectLeaves()).stream()
        .filter(LogicalRelation.class::isInstance)
        .map(leaf -> ((LogicalRelation) leaf).relation())
        .filter(HadoopFsRelation.class::isInstance)
        .flatMap(files -> folders((HadoopFsRelation) files))
        .distinct()
        .toList();
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
