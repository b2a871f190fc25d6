package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Opens the table that an input specification names. */
public final class TableReader {
  /** The column that holds the images of bundled sets and IDX files. */
  public static final String IMAGE = "image";

  private TableReader() {}

  /** Whether a specification names a bundled set. */
  public static boolean isBundled(String input) {
    return BundledSet.named(input).isPresent();
  }

  /**
   * Opens a table.
   *
   * @param input {@code mnist:train}, {@code mnist:test}, {@code fashion-mnist:test}, or a path on
   *     any file system that Hadoop knows
   * @param format of the path; a bundled set doesn't look at it
   * @throws InvalidInputException when nothing is there or it isn't of that format
   */
  public static Dataset<Row> read(SparkSession spark, String input, Format format) {
    return read(spark, input, Reading.of(format));
  }

  private static Dataset<Row> read(SparkSession spark, String input, Reading reading) {
    Optional<BundledSet> bundled = BundledSet.named(input);
    if (bundled.isPresent()) {
      return IdxTables.bundled(spark, bundled.get());
    }
    requireExisting(spark, input);
    return reading.format() == Format.IDX
        ? IdxTables.file(spark, input)
        : load(spark, input, reading);
  }

  /**
   * Opens a table at a version. Of CSV and JSON, malformed records are rows too, which {@link
   * MalformedRecords} tells from others.
   *
   * @param version Delta's, or an Iceberg snapshot, tag or branch; the newest where none is given
   * @return the table, its name with the version that is read
   * @throws InvalidInputException when nothing is there, it isn't of that format, or the format
   *     keeps no versions
   */
  public static OpenedTable open(
      SparkSession spark, String input, Reading reading, Optional<String> version) {
    Format format = reading.format();
    if (isBundled(input) && !reading.options().isEmpty()) {
      throw new InvalidInputException(
          "--input-option %s: %s is bundled, and has no files to read; leave it out"
              .formatted(String.join(", ", reading.options().keySet()), input));
    }
    if (format.isLake() && !isBundled(input)) {
      return LakeTables.read(spark, input, format, version);
    }
    if (version.isPresent()) {
      throw new InvalidInputException(
          "--version-as-of %s: %s keeps no versions; use --format delta, iceberg or table"
              .formatted(version.get(), isBundled(input) ? input : format.label()));
    }
    return new OpenedTable(input, Optional.empty(), read(spark, input, reading));
  }

  /**
   * What names a table wherever the command runs: its name in a catalog, or its whole path.
   *
   * @throws InvalidInputException when it is neither
   */
  public static String qualified(String table, Format format, Configuration hadoop) {
    if (format.isLake() && LakeTables.isName(table)) {
      return table;
    }
    try {
      var path = new Path(table);
      return FileSystems.of(path, hadoop).makeQualified(path).toString();
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException("%s: %s".formatted(table, firstLine(e)), e);
    }
  }

  private static Dataset<Row> load(SparkSession spark, String path, Reading reading) {
    DataFrameReader reader = spark.read().format(reading.format().label()).options(reading.all());
    try {
      if (reading.folders()) {
        Configuration hadoop = spark.sessionState().newHadoopConf();
        reader = reader.option("basePath", FileSystems.aboveFolders(path, hadoop));
      }
      Dataset<Row> found = reader.load(path);
      if (MalformedRecords.columns(found).isEmpty()) {
        return found;
      }
      StructType schema =
          reading.isText()
              ? reading.schema(found.schema())
              : reading.types().ofFolders(found.schema(), OpenedTable.folders(found));
      return schema.equals(found.schema()) ? found : reader.schema(schema).load(path);
    } catch (Exception | AssertionError e) { // Spark throws checked ones, and asserts of folders
      throw new InvalidInputException(
          "%s: can't be read as %s (%s); give the right --format"
              .formatted(path, reading.format().label(), firstLine(e)),
          e);
    }
  }

  private static void requireExisting(SparkSession spark, String input) {
    try {
      var path = new Path(input);
      if (!FileSystems.of(path, spark.sessionState().newHadoopConf()).exists(path)) {
        throw new InvalidInputException(
            "%s: no such path; give one that exists, or one of %s"
                .formatted(input, BundledSet.names()));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException("%s: %s".formatted(input, firstLine(e)), e);
    }
  }

  /** The innermost cause's first line: what went wrong, without Spark's wrapping. */
  static String firstLine(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.toString());
  }
}
