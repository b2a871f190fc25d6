package io.latentlake.cli;

import io.latentlake.data.Format;
import io.latentlake.data.OpenedTable;
import io.latentlake.data.TableReader;
import io.latentlake.data.TableStream;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.util.List;
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

  NamedTable open(SparkSession spark) {
    return open(spark, input, version);
  }

  /** The opened table as a stream of what is new in it. */
  Dataset<Row> stream(SparkSession spark, NamedTable opened, OptionalInt maxFiles) {
    return TableStream.open(spark, input, Format.named(format), opened.rows(), maxFiles);
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

  /** Another table of the same format. */
  NamedTable open(SparkSession spark, String specification) {
    return open(spark, specification, Optional.empty());
  }

  private NamedTable open(SparkSession spark, String specification, Optional<String> asOf) {
    OpenedTable opened = TableReader.open(spark, specification, Format.named(format), asOf);
    return new NamedTable(opened.name(), opened.rows());
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
