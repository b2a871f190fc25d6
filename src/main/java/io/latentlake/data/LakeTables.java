package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tables that keep their versions, Delta's and Iceberg's, and other tables of Spark's catalog. One
 * is read at one version, the newest where none is asked for, however often it is read and whoever
 * writes to it meanwhile.
 */
final class LakeTables {
  /** A name in a catalog, such as {@code sales.orders}; all else is a path. */
  private static final Pattern NAME = Pattern.compile("\\w+(\\.\\w+)*");

  private LakeTables() {}

  /** Whether this is a table's name, and not its path. */
  static boolean isName(String input) {
    return NAME.matcher(input).matches();
  }

  /**
   * Opens a table.
   *
   * @param input its name or path
   * @param version Delta's version, or an Iceberg snapshot, tag or branch
   * @throws InvalidInputException when there is no such table or version, or the format's library
   *     isn't there
   */
  static OpenedTable read(
      SparkSession spark, String input, Format format, Optional<String> version) {
    format.requireInstalled();
    try {
      Optional<String> pinned = version.or(() -> newest(spark, input, format));
      Dataset<Row> rows =
          isName(input)
              ? spark.sql("SELECT * FROM " + input + pinned.map(LakeTables::asOf).orElse(""))
              : load(spark, input, format, pinned);
      return new OpenedTable(input, pinned, rows);
    } catch (InvalidInputException e) {
      throw e;
    } catch (Exception e) { // Spark throws checked exceptions that it doesn't declare
      throw new InvalidInputException(
          "%s%s: can't be read as %s (%s); give the right --format and a version that is there"
              .formatted(
                  input,
                  version.map(LakeTables::asOf).orElse(""),
                  format.label(),
                  TableReader.firstLine(e)),
          e);
    }
  }

  /** Whether there is such a table. */
  static boolean exists(SparkSession spark, String table, Format format) {
    if (isName(table)) {
      return spark.catalog().tableExists(table);
    }
    try {
      return !spark.read().format(format.label()).load(table).schema().isEmpty();
    } catch (Exception e) { // Spark throws checked exceptions that it doesn't declare
      if (e instanceof AnalysisException) { // there is nothing, or something else
        return false;
      }
      throw e;
    }
  }

  /** A table's name, or a Delta table's path, as SQL has it. */
  static String inSql(String table) {
    return isName(table) ? table : "delta.`" + table.replace("`", "``") + "`";
  }

  /** Where a Delta table's files are. */
  static String location(SparkSession spark, String table) {
    return first(spark.sql("DESCRIBE DETAIL " + table).select("location")).orElseThrow();
  }

  /** A version is a number, or the name of a tag or branch. */
  private static String asOf(String version) {
    return " VERSION AS OF "
        + (version.matches("\\d+") ? version : "'" + version.replace("'", "\\'") + "'");
  }

  private static Dataset<Row> load(
      SparkSession spark, String path, Format format, Optional<String> version) {
    var reader = spark.read().format(format.label());
    if (version.isPresent()) {
      String option = format == Format.DELTA ? "versionAsOf" : snapshotOption(version.get());
      reader = reader.option(option, version.get());
    }
    return reader.load(path);
  }

  /** Iceberg's readers take names of tags and branches elsewhere than snapshots. */
  private static String snapshotOption(String version) {
    return version.matches("\\d+") ? "snapshot-id" : "tag";
  }

  /** The newest version; none of a table that keeps none, or has no snapshot yet. */
  private static Optional<String> newest(SparkSession spark, String input, Format format) {
    return switch (format == Format.TABLE ? provider(spark, input) : format.label()) {
      case "delta" -> {
        String history = "DESCRIBE HISTORY " + inSql(input) + " LIMIT 1";
        yield first(spark.sql(history).select("version"));
      }
      case "iceberg" -> {
        Dataset<Row> references =
            isName(input)
                ? spark.table(input + ".refs")
                : spark.read().format("iceberg").load(input + "#refs");
        yield first(references.where("name = 'main'").select("snapshot_id"));
      }
      default -> Optional.empty();
    };
  }

  private static String provider(SparkSession spark, String name) {
    Dataset<Row> described = spark.sql("DESCRIBE TABLE EXTENDED " + name);
    return first(described.where("col_name = 'Provider'").select("data_type")).orElse("");
  }

  private static Optional<String> first(Dataset<Row> values) {
    return values.takeAsList(1).stream().map(row -> String.valueOf(row.get(0))).findFirst();
  }
}
