package io.latentlake.cli;

import io.latentlake.data.Format;
import io.latentlake.data.LakeOutput;
import io.latentlake.data.Layout;
import io.latentlake.data.OpenedTable;
import io.latentlake.spec.InvalidInputException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Option;

/** The format of an output table, and how it is laid out. */
final class LayoutOptions {
  @Option(
      names = "--output-format",
      defaultValue = "parquet",
      paramLabel = "FORMAT",
      description =
          "parquet (default), csv, json, orc, avro, delta or iceberg. A delta or iceberg table, by"
              + " name or path, is appended to, and rows that can't be used go to DIR_rejected.")
  private String format;

  @Option(
      names = "--partition-by",
      split = ",",
      paramLabel = "COLUMN",
      description =
          "Columns of the output that make its folders, outermost first (default: of an output that"
              + " is new, the input's, where they are all kept; none: '').")
  private List<String> partitionBy;

  @Option(
      names = "--max-records-per-file",
      paramLabel = "N",
      description = "Rows a file has at most (default: no limit).")
  private long maxRecordsPerFile;

  @Option(
      names = "--target-file-size",
      paramLabel = "SIZE",
      description =
          "About how large files become, such as 128m: before they are written, the rows are"
              + " brought together in one shuffle, those of a folder too (default: no shuffle; each"
              + " task writes a file of its own into each folder).")
  private Optional<String> targetFileSize = Optional.empty();

  Format format() {
    return Format.named(format);
  }

  /**
   * The layout of a table's output.
   *
   * @param output its folder, or its name in a lake
   * @param kept columns of the input that go along
   * @param out is told where the layout follows the input's
   */
  Layout of(String output, Dataset<Row> input, List<String> kept, PrintWriter out) {
    return new Layout(
        format(), partitions(output, input, kept, out), maxRecordsPerFile, fileSize());
  }

  private List<String> partitions(
      String output, Dataset<Row> input, List<String> kept, PrintWriter out) {
    if (partitionBy != null) {
      return partitionBy.stream().filter(name -> !name.isEmpty()).toList();
    }
    List<String> own = OpenedTable.partitionedBy(input);
    if (own.isEmpty() || !kept.containsAll(own) || hasOwn(output, input)) {
      return List.of();
    }
    out.printf(
        "Partitioned by %s, as the input is (--partition-by '' for no folders)%n",
        String.join(", ", own));
    return own;
  }

  /**
   * Whether the output is a table of a lake that is there already, and may be laid out otherwise.
   */
  private boolean hasOwn(String output, Dataset<Row> input) {
    boolean made = format() == Format.DELTA || format() == Format.ICEBERG;
    return made && LakeOutput.isThere(input.sparkSession(), output, format());
  }

  private long fileSize() {
    try {
      return targetFileSize.map(JavaUtils::byteStringAsBytes).orElse(0L);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "--target-file-size %s: must be a size such as 128m".formatted(targetFileSize.get()), e);
    }
  }
}
