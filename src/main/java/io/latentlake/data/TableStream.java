package io.latentlake.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;

/** Opens a table as the stream of what is new in it; a checkpoint knows what isn't. */
public final class TableStream {
  /**
   * By itself Spark passes over files that are a week older than the newest it has seen, and says
   * nothing. A century is the same as no limit.
   */
  private static final String OLDEST = "36500d";

  private TableStream() {}

  /**
   * Checks that a table has something new by and by.
   *
   * @throws InvalidInputException when it is a bundled set or IDX files
   */
  public static void requireGrowing(String input, Format format) {
    if (TableReader.isBundled(input) || format == Format.IDX) {
      throw new InvalidInputException(
          "--incremental with --input %s: IDX files and bundled sets don't grow; leave --incremental out"
              .formatted(input));
    }
  }

  /**
   * The version of a lake's table that a stream has read to its end.
   *
   * @param offset where the stream is, as Delta or Iceberg writes it; of files it tells nothing
   */
  public static Optional<String> version(String offset) {
    try {
      JsonNode at = Json.MAPPER.readTree(offset);
      if (at.hasNonNull("reservoirVersion")) {
        // Before the first file of a version, Delta's index is -1: the version before is read.
        long version = at.get("reservoirVersion").asLong();
        return Optional.of(String.valueOf(at.path("index").asLong() < 0 ? version - 1 : version));
      }
      return Optional.of(at.path("snapshot_id").asText()).filter(id -> !id.isEmpty());
    } catch (JsonProcessingException e) {
      return Optional.empty(); // a source of another kind
    }
  }

  /**
   * Opens a table that {@link TableReader#open} could open. Files have the columns that the folder
   * has now, and each is new once, by its path: one that is rewritten in place isn't new.
   *
   * @param table its rows as they are now
   * @param maxFiles that a batch reads at most; none for Spark's own measure
   */
  public static Dataset<Row> open(
      SparkSession spark, String input, Reading reading, Dataset<Row> table, OptionalInt maxFiles) {
    Format format = reading.format();
    requireGrowing(input, format);
    DataStreamReader reader = spark.readStream();
    if (maxFiles.isPresent()) {
      reader =
          reader
              .option("maxFilesPerTrigger", maxFiles.getAsInt())
              .option("streaming-max-files-per-micro-batch", maxFiles.getAsInt()); // Iceberg's name
    }
    if (format.isLake()) {
      return LakeTables.isName(input)
          ? reader.table(input)
          : reader.format(format.label()).load(input);
    }
    return reader
        .options(reading.all())
        .option("maxFileAge", OLDEST)
        .format(format.label())
        .schema(table.schema())
        .load(input);
  }
}
