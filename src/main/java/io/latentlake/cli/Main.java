package io.latentlake.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code latentlake}, as spark-submit starts it. */
@Command(
    name = "latentlake",
    description =
        "Trains variational autoencoders on Spark and scores tables with them: an anomaly score and"
            + " an embedding for every row.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      QuickstartCommand.class,
      TrainCommand.class,
      ScoreCommand.class,
      CalibrateCommand.class,
      ThresholdCommand.class,
      DriftCommand.class,
      EvaluateCommand.class,
      LikelihoodCommand.class,
      ReconstructCommand.class,
      GenerateCommand.class,
      InterpolateCommand.class,
      TraverseCommand.class,
      DenoiseCommand.class,
      ImputeCommand.class,
      CompressCommand.class,
      DecompressCommand.class,
      EmbedCommand.class,
      InspectCommand.class,
      DoctorCommand.class,
      SizeCommand.class
    })
public final class Main {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show stack traces and Spark's INFO log.")
  boolean verbose;

  private Main() {}

  /**
   * Runs a command.
   *
   * @return 0 when it succeeded, 2 when what the user gave can't be used, 3 when rows have drifted,
   *     4 when too many rows can't be used, 5 when training diverged and the model of its last good
   *     round was written, 1 on any failure else
   */
  public static int run(String... arguments) {
    // Pictures are drawn on machines without a screen.
    System.setProperty("java.awt.headless", "true");
    var main = new Main();
    var failures = new Failures(main);
    return new CommandLine(main)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures)
        .execute(arguments);
  }

  public static void main(String[] arguments) {
    Interruption interruption = Interruption.watch();
    int exitCode = run(arguments);
    interruption.ended();
    // On success main returns: YARN takes an application that calls System.exit for a failed one.
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }
}
