package io.latentlake.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.latentlake.data.Addresses;
import io.latentlake.data.FileSystems;
import io.latentlake.data.Format;
import io.latentlake.data.OpenedTable;
import io.latentlake.data.Reading;
import io.latentlake.data.RecordedTypes;
import io.latentlake.data.TableReader;
import io.latentlake.data.TableStream;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Which table a command reads. */
final class TableOptions {
  @Option(
      names = "--input",
      required = true,
      paramLabel = "SPEC",
      description =
          "mnist:train, mnist:test, fashion-mnist:test, a path on any file system Hadoop knows, or a"
              + " table's name.")
  String input;

  @Option(
      names = "--format",
      defaultValue = "parquet",
      paramLabel = "FORMAT",
      description =
          "Format of the input: parquet (default), csv, json, orc, avro, idx, delta, iceberg, or table for"
              + " one of Spark's catalog.")
  String format;

  @Option(
      names = "--version-as-of",
      paramLabel = "VERSION",
      description =
          "Which version of the input is read: Delta's, or an Iceberg snapshot, tag or branch"
              + " (default: the newest).")
  private Optional<String> version = Optional.empty();

  @Option(
      names = "--features",
      split = ",",
      paramLabel = "COLUMN",
      description =
          "Columns that make the features: binary, ML vector, array of float or double, or numbers;"
              + " in training, auto plans all columns and name:kind one"
              + " (default: image for bundled sets and IDX files, the model's own with a model).")
  List<String> features = List.of();

  @Option(
      names = "--input-option",
      paramLabel = "KEY=VALUE",
      description =
          "An option of Spark's reader for files, as sep=; for CSV, or multiLine=true; may be given several times.")
  private Map<String, String> inputOptions = Map.of();

  /** The table, to be trained on. */
  NamedTable open(SparkSession spark) {
    return open(spark, input, reading(), version);
  }

  /** The table, for a model to read. */
  NamedTable open(SparkSession spark, TrainedVae model) {
    return open(spark, input, reading().by(model.recordedTypes()).withFolders(), version);
  }

  /** The same, to be read as a stream, of which Spark gives no columns but those below its path. */
  NamedTable openGrowing(SparkSession spark, TrainedVae model) {
    return open(spark, input, reading().by(model.recordedTypes()), version);
  }

  /** The opened table as a stream of what is new in it. */
  Dataset<Row> stream(SparkSession spark, NamedTable opened, OptionalInt maxFiles) {
    return TableStream.open(spark, input, reading(), opened.rows(), maxFiles);
  }

  /** Checks that it can be read as a stream. */
  void requireStream() {
    TableStream.requireGrowing(input, Format.named(format));
    version.ifPresent(
        asOf -> {
          throw new InvalidInputException(
              "--version-as-of %s: one version has nothing new; leave it or --incremental out"
                  .formatted(asOf));
        });
  }

  /**
   * Checks that what is written isn't taken for a part of the table by who reads it next: folders
   * in a folder of folders, above all, are no table to Spark.
   *
   * @param option that names where it is written
   */
  void requireOutside(String option, String path, Session session) {
    boolean files = !Format.named(format).isLake();
    if (files && FileSystems.isWithin(path, input, session.hadoop())) {
      throw new InvalidInputException(
          "%s %s: lies in --input %s, which would be no table then; name a folder elsewhere"
              .formatted(option, path, input));
    }
  }

  /** Another table of the same format: all of the one that is trained on, or a folder of it. */
  NamedTable open(SparkSession spark, String specification) {
    return open(spark, specification, reading().withFolders(), Optional.empty());
  }

  private Reading reading() {
    return new Reading(Format.named(format), inputOptions, RecordedTypes.NONE, false);
  }

  private static NamedTable open(
      SparkSession spark, String specification, Reading reading, Optional<String> asOf) {
    OpenedTable opened = TableReader.open(spark, specification, reading, asOf);
    return new NamedTable(opened.name(), opened.version(), opened.rows());
  }

  /**
   * What is read, as a run's figures tell it.
   *
   * @param name its path or name
   * @param version null where the table keeps none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Read(String name, String format, String version) {}

  /** The table at the version that is read, if it keeps any. */
  Read read(Optional<String> versionRead) {
    boolean bundled = TableReader.isBundled(input);
    return new Read(
        Addresses.withoutSecrets(input),
        (bundled ? Format.IDX : Format.named(format)).label(),
        versionRead.orElse(null));
  }

  /**
   * The options of {@code report} that name the same table; none where they can't say how it is
   * read.
   */
  List<String> forReport() {
    if (!inputOptions.isEmpty()) {
      return List.of();
    }
    Format read = Format.named(format);
    boolean usual = read == Format.PARQUET || TableReader.isBundled(input);
    return usual
        ? List.of("--input", input)
        : List.of("--input", input, "--input-format", read.label());
  }

  /** The feature columns of a table that a model is to be trained on. */
  List<String> featuresOf(NamedTable table) {
    boolean images = List.of(table.rows().columns()).contains(TableReader.IMAGE);
    boolean known = TableReader.isBundled(input) || Format.named(format) == Format.IDX;
    return features.isEmpty() && images && known ? List.of(TableReader.IMAGE) : features;
  }

  /** A model that reads the columns named here, if any are. */
  TrainedVae reading(TrainedVae model) {
    return features.isEmpty() ? model : model.readingColumns(features);
  }
}
