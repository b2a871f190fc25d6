package io.latentlake.cli;

import io.latentlake.data.Format;
import io.latentlake.data.Layout;
import io.latentlake.data.OpenedTable;
import java.io.PrintWriter;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Option;

/** How an output table is laid out. */
final class LayoutOptions {
  @Option(
      names = "--partition-by",
      split = ",",
      paramLabel = "COLUMN",
      description =
          "Columns of the output that make its folders, outermost first (default: of a folder, the"
              + " input's, where they are all kept; none: '').")
  private List<String> partitionBy;

  @Option(
      names = "--max-records-per-file",
      paramLabel = "N",
      description = "Rows a file has at most (default: no limit).")
  private long maxRecordsPerFile;

  /**
   * The layout of a table's output.
   *
   * @param kept columns of the input that go along
   * @param out is told where the layout follows the input's
   */
  Layout of(Format format, Dataset<Row> input, List<String> kept, PrintWriter out) {
    if (partitionBy != null) {
      List<String> named = partitionBy.stream().filter(name -> !name.isEmpty()).toList();
      return new Layout(format, named, maxRecordsPerFile);
    }
    List<String> own = OpenedTable.partitionedBy(input);
    // A table of a lake may be there already, laid out otherwise.
    if (own.isEmpty() || format.isLake() || !kept.containsAll(own)) {
      return new Layout(format, List.of(), maxRecordsPerFile);
    }
    out.printf(
        "Partitioned by %s, as the input is (--partition-by '' for no folders)%n",
        String.join(", ", own));
    return new Layout(format, own, maxRecordsPerFile);
  }
}
