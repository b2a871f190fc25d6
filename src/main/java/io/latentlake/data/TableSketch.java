package io.latentlake.data;

import java.io.Serializable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/** What one pass over a table learns of its columns, each in bounded memory. */
final class TableSketch implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LinkedHashMap<String, ColumnSketch> columns;

  private TableSketch(Map<String, ColumnSketch> columns) {
    this.columns = new LinkedHashMap<>(columns);
  }

  /**
   * Takes a table in, in one job.
   *
   * @param empty a sketch of each column that has seen nothing
   * @return theirs, in the same order
   */
  static Map<String, ColumnSketch> of(Dataset<Row> table, Map<String, ColumnSketch> empty) {
    Column[] names =
        empty.keySet().stream()
            .map(name -> ColumnPath.column(table.schema(), name))
            .toArray(Column[]::new);
    if (names.length == 0) { // of malformed records alone Spark has no table
      return empty;
    }
    JavaRDD<InternalRow> rows = InternalRows.of(MalformedRecords.dropped(table).select(names));
    if (rows.getNumPartitions() == 0) {
      return empty;
    }
    // The closure carries a copy of the empty sketches to every task.
    var start = new TableSketch(empty);
    return rows.mapPartitions(part -> List.of(start.taking(part)).iterator())
        .treeReduce(TableSketch::merged)
        .columns;
  }

  private TableSketch taking(Iterator<InternalRow> rows) {
    var each = columns.values().toArray(ColumnSketch[]::new);
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      for (int i = 0; i < each.length; i++) {
        each[i].add(row, i);
      }
    }
    return this;
  }

  private TableSketch merged(TableSketch other) {
    columns.forEach((name, sketch) -> sketch.merge(other.columns.get(name)));
    return this;
  }
}
