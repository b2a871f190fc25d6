package io.latentlake.cli;

import io.latentlake.data.Format;
import io.latentlake.data.MalformedRecords;
import io.latentlake.data.OpenedTable;
import io.latentlake.data.Reading;
import io.latentlake.data.RecordedTypes;
import io.latentlake.data.TableReader;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.ScoredRows;
import io.latentlake.spec.InvalidInputException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Which scored tables a command reads. */
final class ScoredTables {
  @Option(
      names = "--scores",
      split = ",",
      paramLabel = "DIR",
      description = "Scored tables, taken together: folders, or names in a lake.")
  private List<String> scores = List.of();

  @Option(
      names = "--format",
      defaultValue = "parquet",
      paramLabel = "FORMAT",
      description =
          "Format of the scored tables: parquet (default), csv, json, orc, avro, delta, iceberg or"
              + " table.")
  private String format;

  List<String> named() {
    return scores;
  }

  boolean given() {
    return !scores.isEmpty();
  }

  /**
   * The tables, one behind the other.
   *
   * @throws InvalidInputException when there are none, or one can't be read
   */
  Dataset<Row> open(SparkSession spark) {
    return open(spark, RecordedTypes.NONE);
  }

  private Dataset<Row> open(SparkSession spark, RecordedTypes types) {
    return scores.stream()
        .map(name -> open(spark, name, format, types))
        .reduce((first, second) -> first.unionByName(second, true))
        .orElseThrow(
            () -> new InvalidInputException("--scores: missing; name a table that 'score' wrote"));
  }

  /**
   * The same of one model.
   *
   * @param folder the model's
   * @throws InvalidInputException when another model gave the scores
   */
  Dataset<Row> open(SparkSession spark, TrainedVae model, String folder) {
    Dataset<Row> rows = open(spark);
    ScoredRows.requireScoredBy(rows, model, folder);
    return rows;
  }

  /** The same with a column by whose text segments are told apart. */
  Dataset<Row> open(SparkSession spark, TrainedVae model, String folder, String segment) {
    Dataset<Row> rows = open(spark, RecordedTypes.text(segment));
    ScoredRows.requireScoredBy(rows, model, folder);
    return rows;
  }

  /** The newest version of one scored table. */
  static Dataset<Row> open(SparkSession spark, String name, String format) {
    return open(spark, name, format, RecordedTypes.NONE);
  }

  private static Dataset<Row> open(
      SparkSession spark, String name, String format, RecordedTypes types) {
    var reading = Reading.of(Format.named(format)).by(types);
    return TableReader.open(spark, name, reading, Optional.empty())
        .rows()
        .drop(MalformedRecords.TEXT);
  }

  /** The table that was scored. */
  static OpenedTable scored(
      SparkSession spark, TrainedVae model, String name, String format, ReadingOptions as) {
    Reading reading = as.of(Format.named(format)).by(model.recordedTypes()).withFolders();
    return as.open(spark, name, reading);
  }
}
