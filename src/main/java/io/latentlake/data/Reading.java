package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/**
 * How a table's files are read.
 *
 * @param format theirs
 * @param options of Spark's reader for them, as they are; they go before our own
 * @param types that columns have whatever the files hold; known where a model reads
 * @param folders whether the folders that a path leads through, as {@code day=2026-11-01}, give
 *     columns, as they give them to who reads the folder above
 */
public record Reading(
    Format format, Map<String, String> options, RecordedTypes types, boolean folders) {

  /** What of Spark's options is ours, in small letters: malformed records are found by these. */
  private static final List<String> OURS =
      List.of("mode", "columnnameofcorruptrecord", "basepath", "path", "paths");

  public Reading {
    options = Map.copyOf(options);
    if (!options.isEmpty() && (format.isLake() || format == Format.IDX)) {
      throw new InvalidInputException(
          "--input-option %s: %s has no files that Spark's reader has options for; leave it out"
              .formatted(String.join(", ", options.keySet()), format.label()));
    }
    for (String option : options.keySet()) {
      if (OURS.contains(option.toLowerCase(Locale.ROOT))) {
        throw new InvalidInputException(
            "--input-option %s: is set by LatentLake, which puts malformed records apart; leave it out"
                .formatted(option));
      }
    }
  }

  /** Files that are read as they are. */
  public static Reading of(Format format) {
    return new Reading(format, Map.of(), RecordedTypes.NONE, false);
  }

  /** The same by the types that a model's columns had. */
  public Reading by(RecordedTypes recorded) {
    return new Reading(format, options, recorded, folders);
  }

  /** The same with the columns of the folders that a path leads through. */
  public Reading withFolders() {
    return new Reading(format, options, types, true);
  }

  /** Whether a record is text, which may be malformed, and whose types are guessed. */
  boolean isText() {
    return format == Format.CSV || format == Format.JSON;
  }

  /** All options of Spark's reader. */
  Map<String, String> all() {
    var all = new HashMap<String, String>();
    if (format == Format.CSV) {
      all.put("header", "true");
      all.put("inferSchema", "true");
    }
    if (isText()) {
      all.put("columnNameOfCorruptRecord", MalformedRecords.TEXT);
    }
    options.forEach(
        (option, value) -> {
          all.keySet().removeIf(option::equalsIgnoreCase);
          all.put(option, value);
        });
    return all;
  }

  /**
   * The columns that records of text are read by.
   *
   * @param found those that the files have by themselves
   */
  StructType schema(StructType found) {
    return MalformedRecords.with(types.of(MalformedRecords.without(found), format));
  }
}
