package io.latentlake.cli;

import io.latentlake.data.Format;
import io.latentlake.data.OpenedTable;
import io.latentlake.data.Reading;
import io.latentlake.data.RecordedTypes;
import io.latentlake.data.TableReader;
import io.latentlake.spec.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Which version of a command's input is read, and how its files are. */
final class ReadingOptions {
  @Option(
      names = "--version-as-of",
      paramLabel = "VERSION",
      description =
          "Which version of the input is read: Delta's, or an Iceberg snapshot, tag or branch"
              + " (default: the newest).")
  private Optional<String> version = Optional.empty();

  @Option(
      names = "--input-option",
      paramLabel = "KEY=VALUE",
      description =
          "An option of Spark's reader for files, as sep=; for CSV, or multiLine=true; may be given"
              + " several times.")
  private Map<String, String> options = Map.of();

  Reading of(Format format) {
    return new Reading(format, options, RecordedTypes.NONE, false);
  }

  /** These options, as they are given. */
  List<String> words() {
    var words = new ArrayList<String>();
    version.ifPresent(asOf -> words.addAll(List.of("--version-as-of", asOf)));
    options.forEach((key, value) -> words.addAll(List.of("--input-option", key + "=" + value)));
    return words;
  }

  /** The input, at the version that is asked for. */
  OpenedTable open(SparkSession spark, String input, Reading reading) {
    return TableReader.open(spark, input, reading, version);
  }

  /** Checks that no version is asked for, where what comes after it is read. */
  void requireNewest() {
    version.ifPresent(
        asOf -> {
          throw new InvalidInputException(
              "--version-as-of %s: one version has nothing new; leave it or --incremental out"
                  .formatted(asOf));
        });
  }

  /** Checks that there is an input to be read so, for a command that may do without. */
  void requireOf(Optional<String> input) {
    boolean given = version.isPresent() || !options.isEmpty();
    if (given && input.isEmpty()) {
      throw new InvalidInputException(
          "%s: is of --input, which isn't given; name the table there, or leave it out"
              .formatted(
                  version.isPresent() ? "--version-as-of " + version.get() : "--input-option"));
    }
  }
}
