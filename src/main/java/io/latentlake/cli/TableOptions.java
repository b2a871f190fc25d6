package io.latentlake.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.latentlake.data.Addresses;
import io.latentlake.data.FileSystems;
import io.latentlake.data.Format;
import io.latentlake.data.OpenedTable;
import io.latentlake.data.Reading;
import io.latentlake.data.TableReader;
import io.latentlake.data.TableStream;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
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
      names = "--features",
      split = ",",
      paramLabel = "COLUMN",
      description =
          "Columns that make the features: binary, ML vector, array of float or double, or numbers;"
              + " in training, auto plans all columns and name:kind one"
              + " (default: image for bundled sets and IDX files, the model's own with a model).")
  List<String> features = List.of();

  // Not a mixin: traverse takes all of this for a group, which has none.
  @ArgGroup(exclusive = false)
  private ReadingOptions as = new ReadingOptions();

  /** The table, to be trained on. */
  NamedTable open(SparkSession spark) {
    return open(spark, reading());
  }

  /** The table, for a model to read. */
  NamedTable open(SparkSession spark, TrainedVae model) {
    return open(spark, reading().by(model.recordedTypes()).withFolders());
  }

  /** The same, to be read as a stream, of which Spark gives no columns but those below its path. */
  NamedTable openGrowing(SparkSession spark, TrainedVae model) {
    return open(spark, reading().by(model.recordedTypes()));
  }

  /** The opened table as a stream of what is new in it. */
  Dataset<Row> stream(SparkSession spark, NamedTable opened, OptionalInt maxFiles) {
    return TableStream.open(spark, input, reading(), opened.rows(), maxFiles);
  }

  /** Checks that it can be read as a stream. */
  void requireStream() {
    TableStream.requireGrowing(input, Format.named(format));
    as.requireNewest();
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
    Reading whole = reading().withFolders();
    return named(TableReader.open(spark, specification, whole, Optional.empty()));
  }

  private Reading reading() {
    return as.of(Format.named(format));
  }

  private NamedTable open(SparkSession spark, Reading reading) {
    return named(as.open(spark, input, reading));
  }

  private static NamedTable named(OpenedTable opened) {
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

  /** The options of {@code report} that name the same table, and how it is read. */
  List<String> forReport() {
    var words = new ArrayList<>(List.of("--input", input));
    Format read = Format.named(format);
    if (read != Format.PARQUET && !TableReader.isBundled(input)) {
      words.addAll(List.of("--input-format", read.label()));
    }
    words.addAll(as.words());
    return words;
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
