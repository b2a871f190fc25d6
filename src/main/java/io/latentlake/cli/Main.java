package io.latentlake.cli;

import io.latentlake.spec.InvalidInputException;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkUserAppException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
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
      ReportCommand.class,
      DoctorCommand.class,
      SizeCommand.class
    })
public final class Main {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show stack traces and Spark's INFO log.")
  boolean verbose;

  @Option(
      names = "--log-json",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "A file on the driver's machine that a JSON line is added to for each event: started,"
              + " training, epoch, warning, trained, figures, error, ended.")
  private Optional<String> logFile = Optional.empty();

  /** What happens goes there. */
  RunLog log = RunLog.none();

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
    var command = new CommandLine(main);
    int exitCode =
        command
            .setOut(DiscreetWriter.before(command.getOut()))
            .setErr(DiscreetWriter.before(command.getErr()))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(failures)
            .setExecutionExceptionHandler(failures)
            .setExecutionStrategy(main::runLogged)
            .execute(arguments);
    main.log.ended(exitCode);
    main.log.close();
    return exitCode;
  }

  private int runLogged(ParseResult parsed) {
    if (logFile.isPresent() && parsed.hasSubcommand()) {
      CommandLine command = parsed.subcommand().commandSpec().commandLine();
      try {
        log = RunLog.to(logFile.get(), command.getCommandName(), command.getErr());
      } catch (InvalidInputException e) {
        throw new ParameterException(command, e.getMessage(), e);
      }
      log.started();
    }
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error e) { // which picocli lets through: memory that is out, Hadoop of a full disk
      throw new ExecutionException(parsed.commandSpec().commandLine(), e.toString(), e);
    }
  }

  /**
   * Runs a command, and ends the JVM with its exit code.
   *
   * @throws SparkUserAppException where YARN runs the driver: it takes an application that calls
   *     System.exit for one that failed with a code of YARN's own, and reports this one's
   */
  public static void main(String[] arguments) throws SparkUserAppException {
    // Numbers read the same wherever a job runs: messages are in one language, too.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    Interruption interruption = Interruption.watch();
    int exitCode = run(arguments);
    interruption.ended();
    if (exitCode == 0) {
      return;
    }
    // Set by YARN's application master.
    if (System.getProperty("spark.yarn.app.id") != null) {
      throw new SparkUserAppException(exitCode);
    }
    System.exit(exitCode);
  }
}
