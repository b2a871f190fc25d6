package io.latentlake.cli;

import io.latentlake.data.Format;
import io.latentlake.data.Layout;
import java.util.List;
import picocli.CommandLine.Option;

/** How an output table is laid out. */
final class LayoutOptions {
  @Option(
      names = "--partition-by",
      split = ",",
      paramLabel = "COLUMN",
      description = "Columns of the output that make its folders, outermost first.")
  private List<String> partitionBy = List.of();

  @Option(
      names = "--max-records-per-file",
      paramLabel = "N",
      description = "Rows a file has at most (default: no limit).")
  private long maxRecordsPerFile;

  Layout of(Format format) {
    return new Layout(format, partitionBy, maxRecordsPerFile);
  }
}
