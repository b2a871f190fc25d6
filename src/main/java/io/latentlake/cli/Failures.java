package io.latentlake.cli;

import io.latentlake.spec.InvalidInputException;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** One clear line for what went wrong; the stack trace only with {@code --verbose}. */
final class Failures implements IExecutionExceptionHandler {
  private static final int FAILED = 1;
  private static final int INVALID_INPUT = 2;

  private final Main main;

  Failures(Main main) {
    this.main = main;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    Optional<InvalidInputException> invalid = invalidInput(e);
    if (main.verbose) {
      e.printStackTrace(command.getErr());
    }
    command
        .getErr()
        .println(
            invalid
                .map(cause -> "latentlake: " + cause.getMessage())
                .orElseGet(() -> "latentlake: failed: " + summary(e)));
    command.getErr().flush();
    return invalid.isPresent() ? INVALID_INPUT : FAILED;
  }

  /** What a task found wrong reaches the driver wrapped in Spark's exceptions. */
  private static Optional<InvalidInputException> invalidInput(Throwable e) {
    return causes(e)
        .filter(InvalidInputException.class::isInstance)
        .map(InvalidInputException.class::cast)
        .findFirst();
  }

  private static String summary(Throwable e) {
    Throwable root = causes(e).reduce((first, second) -> second).orElse(e);
    String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    return "%s: %s (--verbose shows where)".formatted(root.getClass().getSimpleName(), message);
  }

  private static Stream<Throwable> causes(Throwable e) {
    return Stream.iterate(e, cause -> cause != null, Throwable::getCause).limit(50);
  }
}
