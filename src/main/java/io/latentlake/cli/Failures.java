package io.latentlake.cli;

import io.latentlake.data.TooManyBadRowsException;
import io.latentlake.spec.InvalidInputException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** One clear line for what went wrong; the stack trace only with {@code --verbose}. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final int FAILED = 1;
  private static final int INVALID_INPUT = 2;

  /** For schedulers: the command is right, the data is not. */
  private static final int TOO_MANY_BAD_ROWS = 4;

  private final Main main;

  Failures(Main main) {
    this.main = main;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    // The option itself may stand behind the one that is wrong.
    boolean verbose = List.of(arguments).contains("--verbose");
    String help = command.getCommandSpec().qualifiedName() + " --help";
    print(command.getErr(), e, verbose, "%s; see '%s'".formatted(e.getMessage(), help));
    return INVALID_INPUT;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    String message = reason(e);
    print(command.getErr(), e, main.verbose, message);
    main.log.error(message);
    return invalidInput(e).map(Failures::exitCode).orElse(FAILED);
  }

  /** What went wrong, in one line. */
  static String reason(Throwable e) {
    String message = invalidInput(e).map(Throwable::getMessage).orElseGet(() -> summary(e));
    return inOneLine(message);
  }

  /** Libraries' messages may have more lines than one. */
  private static String inOneLine(String message) {
    return message.lines().map(String::strip).collect(Collectors.joining(" "));
  }

  private static int exitCode(InvalidInputException e) {
    return e instanceof TooManyBadRowsException ? TOO_MANY_BAD_ROWS : INVALID_INPUT;
  }

  private static void print(PrintWriter err, Exception e, boolean verbose, String message) {
    if (verbose) {
      e.printStackTrace(err);
    }
    err.println("latentlake: " + inOneLine(message));
    err.flush();
  }

  /** What a task found wrong reaches the driver wrapped in Spark's exceptions. */
  private static Optional<InvalidInputException> invalidInput(Throwable e) {
    return causes(e)
        .filter(InvalidInputException.class::isInstance)
        .map(InvalidInputException.class::cast)
        .findFirst();
  }

  private static String summary(Throwable e) {
    if (Interruption.isHappening()) {
      // That Spark's jobs were cancelled is of no interest to who asked for it.
      return "interrupted";
    }
    Throwable root = causes(e).reduce((first, second) -> second).orElse(e);
    String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    String remedy =
        message.contains("No space left on device")
            ? "make room where the output goes and where spark.local.dir is; "
            : "";
    return "failed: %s: %s (%s--verbose shows where)"
        .formatted(root.getClass().getSimpleName(), message, remedy);
  }

  private static Stream<Throwable> causes(Throwable e) {
    return Stream.iterate(e, cause -> cause != null, Throwable::getCause).limit(50);
  }
}
