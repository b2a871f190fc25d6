package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.SupportsCatalogOptions;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

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
   * @param version Delta's version, or an Iceberg snapshot, tag or branch; of the latter two the
   *     snapshot that they are at now is read
   * @throws InvalidInputException when there is no such table or version, or the format's library
   *     isn't there
   */
  static OpenedTable read(
      SparkSession spark, String input, Format format, Optional<String> version) {
    format.requireInstalled();
    try {
      Optional<String> pinned =
          version
              .map(asked -> snapshot(spark, input, format, asked))
              .or(() -> newest(spark, input, format));
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

  /** The table as it is. */
  static Dataset<Row> there(SparkSession spark, String table, Format format) {
    return isName(table) ? spark.table(table) : spark.read().format(format.label()).load(table);
  }

  /** A table of what Iceberg knows of one of its tables, such as its snapshots. */
  static Dataset<Row> metadata(SparkSession spark, String table, String which) {
    return isName(table)
        ? spark.table(table + "." + which)
        : spark.read().format("iceberg").load(table + "#" + which);
  }

  /**
   * Makes an Iceberg table at a path; Spark's writer would make it in a catalog, under that name.
   */
  static void createIceberg(
      SparkSession spark, String path, StructType columns, List<String> partitionBy) {
    var source =
        (SupportsCatalogOptions)
            DataSource.lookupDataSourceV2("iceberg", spark.sessionState().conf()).get();
    var options = new CaseInsensitiveStringMap(Map.of("path", path));
    var catalog =
        (TableCatalog)
            spark.sessionState().catalogManager().catalog(source.extractCatalog(options));
    Column[] fields =
        Stream.of(columns.fields())
            .map(field -> Column.create(field.name(), field.dataType()))
            .toArray(Column[]::new);
    Transform[] partitions =
        partitionBy.stream()
            .map(name -> Expressions.identity("`" + name.replace("`", "``") + "`"))
            .toArray(Transform[]::new);
    try {
      catalog.createTable(source.extractIdentifier(options), fields, partitions, Map.of());
    } catch (TableAlreadyExistsException | NoSuchNamespaceException e) {
      throw new InvalidInputException(
          "%s: can't be made (%s); name another place".formatted(path, e.getMessage()), e);
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

  private static String asOf(String version) {
    return " VERSION AS OF "
        + (version.matches("\\d+") ? version : "'" + version.replace("'", "\\'") + "'");
  }

  private static Dataset<Row> load(
      SparkSession spark, String path, Format format, Optional<String> version) {
    var reader = spark.read().format(format.label());
    if (version.isPresent()) {
      String option = format == Format.DELTA ? "versionAsOf" : "snapshot-id";
      reader = reader.option(option, version.get());
    }
    return reader.load(path);
  }

  /** An Iceberg tag's or branch's snapshot; a branch grows while it is read. */
  private static String snapshot(SparkSession spark, String input, Format format, String version) {
    if (version.matches("\\d+") || !provider(spark, input, format).equals("iceberg")) {
      return version;
    }
    Dataset<Row> references = metadata(spark, input, "refs");
    return first(references.where(functions.col("name").equalTo(version)).select("snapshot_id"))
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "--version-as-of %s: %s has no snapshot, tag or branch of that name; its tags and branches are %s"
                        .formatted(
                            version,
                            input,
                            references.select("name").collectAsList().stream()
                                .map(row -> row.getString(0))
                                .sorted()
                                .collect(Collectors.joining(", ")))));
  }

  /** The newest version; none of a table that keeps none, or has no snapshot yet. */
  private static Optional<String> newest(SparkSession spark, String input, Format format) {
    return switch (provider(spark, input, format)) {
      case "delta" -> {
        String history = "DESCRIBE HISTORY " + inSql(input) + " LIMIT 1";
        yield first(spark.sql(history).select("version"));
      }
      case "iceberg" -> {
        Dataset<Row> references = metadata(spark, input, "refs");
        yield first(references.where("name = 'main'").select("snapshot_id"));
      }
      default -> Optional.empty();
    };
  }

  private static String provider(SparkSession spark, String name, Format format) {
    if (format != Format.TABLE) {
      return format.label();
    }
    Dataset<Row> described = spark.sql("DESCRIBE TABLE EXTENDED " + name);
    return first(described.where("col_name = 'Provider'").select("data_type")).orElse("");
  }

  private static Optional<String> first(Dataset<Row> values) {
    return values.takeAsList(1).stream().map(row -> String.valueOf(row.get(0))).findFirst();
  }
}
