package io.latentlake.cli;

import io.latentlake.data.OpenedTable;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Drift;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How the table is read that scores are compared with, where a command's {@code --input} is one.
 */
final class ComparedInput {
  @Option(
      names = "--input-format",
      defaultValue = "parquet",
      paramLabel = "FORMAT",
      description = "Its format (default: parquet).")
  private String format;

  @Mixin private ReadingOptions as;

  /** Checks that there is an input to be read so. */
  void requireOf(Optional<String> input) {
    as.requireOf(input);
  }

  OpenedTable open(Session session, TrainedVae trained, String name) {
    return ScoredTables.scored(session.spark(), trained, name, format, as);
  }

  /**
   * How far scored rows have moved from the training rows, and with an input its features too.
   *
   * @param input the table that was scored
   */
  Drift drift(Session session, TrainedVae trained, Dataset<Row> scored, Optional<String> input) {
    Drift scores = Drift.of(scored, trained.requireCalibration());
    return input
        .map(name -> open(session, trained, name))
        .map(table -> scores.withFeatures(trained, table.rows(), table.name()))
        .orElse(scores);
  }
}
