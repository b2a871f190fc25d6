package io.latentlake.cli;

import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.IsolationForestBaseline;
import io.latentlake.score.LabelledTable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What a model's scores are compared with on request. */
final class BaselineOptions {
  @Option(
      names = "--baselines",
      required = true,
      description =
          "Also find the anomalies of --input by principal components fitted to it, as many as"
              + " --model has latent dimensions, and by an isolation forest (add -- --packages "
              + IsolationForestBaseline.COORDINATES
              + ").")
  private boolean baselines;

  // Not the other commands' own: picocli takes no mixins into groups.
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The model that scored it.")
  private String model;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "SPEC",
      description = "The table that was scored, with its label and the model's features.")
  private String input;

  @Option(
      names = "--input-format",
      defaultValue = "parquet",
      paramLabel = "FORMAT",
      description = "Its format (default: parquet).")
  private String inputFormat;

  @ArgGroup(exclusive = false)
  private ReadingOptions as = new ReadingOptions();

  /**
   * Opens the table that was scored.
   *
   * @throws io.latentlake.spec.InvalidInputException when model and table don't fit
   */
  LabelledTable open(Session session, TrainedVae trained, String label, String positive) {
    return LabelledTable.open(
        ScoredTables.scored(session.spark(), trained, input, inputFormat, as).rows(),
        trained.encoder(),
        label,
        positive);
  }

  TrainedVae model(Session session) {
    return ModelFolder.read(model, session.hadoop());
  }
}
