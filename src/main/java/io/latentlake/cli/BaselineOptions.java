package io.latentlake.cli;

import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.PrincipalComponents;
import picocli.CommandLine.Option;

/** What a model's scores are compared with on request. */
final class BaselineOptions {
  @Option(
      names = "--baselines",
      required = true,
      description =
          "Also find the anomalies of --input by principal components fitted to it, as many as"
              + " --model has latent dimensions.")
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

  /**
   * Measures the baseline.
   *
   * @throws io.latentlake.spec.InvalidInputException when model and table don't fit
   */
  PrincipalComponents measure(Session session, String label, String positive) {
    TrainedVae trained = ModelFolder.read(model, session.hadoop());
    return PrincipalComponents.measure(
        ScoredTables.open(session.spark(), input, inputFormat),
        trained.encoder(),
        trained.configuration().model().latent(),
        label,
        positive);
  }
}
