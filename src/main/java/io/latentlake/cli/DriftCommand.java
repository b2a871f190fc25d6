package io.latentlake.cli;

import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Drift;
import io.latentlake.spec.InvalidInputException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code latentlake drift}. */
@Command(
    name = "drift",
    description =
        "Tells whether scored rows still look like the training rows; exits with 3 when they don't.",
    mixinStandardHelpOptions = true)
final class DriftCommand implements Callable<Integer> {
  /** For schedulers: nothing failed, but somebody should look. */
  static final int PAST_LIMIT = 3;

  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private ScoredTables tables;

  @Option(
      names = "--limit",
      defaultValue = "" + Drift.LARGE_SHIFT,
      paramLabel = "D",
      description =
          "Largest divergence of the score, a latent dimension or a feature that passes (default: ${DEFAULT-VALUE}, by"
              + " custom a large shift).")
  private double limit;

  @Option(
      names = "--input",
      paramLabel = "SPEC",
      description = "The table that was scored: its features are compared too, column by column.")
  private Optional<String> input;

  @Mixin private ComparedInput compared;

  @Option(names = "--metrics", paramLabel = "FILE", description = "Where the figures go, as JSON.")
  private Optional<String> metrics;

  @Override
  public Integer call() {
    if (!(limit > 0) || Double.isInfinite(limit)) {
      throw new InvalidInputException(
          "--limit %s: must be a finite number above 0".formatted(limit));
    }
    compared.requireOf(input);
    try (var session = Session.open("drift", main.verbose)) {
      Metrics.requirePlace(metrics, session.hadoop());
      TrainedVae trained = ModelFolder.read(model.folder(), session.hadoop());
      Dataset<Row> scored = tables.open(session.spark(), trained, model.folder());
      Drift drift = compared.drift(session, trained, scored, input);
      // Written so that NaN, of latents that are no numbers, doesn't pass.
      boolean passes = drift.largest() <= limit;
      print(drift, passes, command.commandLine().getOut());
      Metrics.of(drift, limit, passes).report(main.log, metrics, session.hadoop());
      return passes ? 0 : PAST_LIMIT;
    }
  }

  private void print(Drift drift, boolean passes, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%,d rows, %.3g %% of them past the threshold (of the training rows: %.3g %%)%n"
            + "raw score   %.4f%n",
        drift.rows(),
        100 * drift.flagged(),
        100 * drift.trainingFlagged(),
        drift.score());
    for (int i = 0; i < drift.latents().size(); i++) {
      out.printf(Locale.ROOT, "latent %-4d %.4f%n", i, drift.latents().get(i));
    }
    drift
        .features()
        .forEach((column, index) -> out.printf(Locale.ROOT, "%-11s %.4f%n", column, index));
    if (input.isEmpty()) {
      out.println("The features were not compared: name the table that was scored with --input");
    }
    out.printf(
        Locale.ROOT,
        passes ? "No drift: at most %.4f, limit %s%n" : "Drift: %.4f is past the limit of %s%n",
        drift.largest(),
        limit);
    out.flush();
  }
}
