package io.latentlake.bench;

import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code submit/latentlake bench}. */
@Command(
    name = "latentlake bench",
    description = "Measures this machine, LatentLake and its peers by turns, on two cores.",
    mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {
  private static final int INVALID_INPUT = 2;

  @Spec private CommandSpec command;

  @Option(
      names = "--peers",
      paramLabel = "DIR",
      description = "A folder with pytorch_vae.py; PyTorch is left out without it.")
  private Optional<Path> peers;

  @Option(names = "--quick", description = "Two repetitions instead of five, and shorter ones.")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "SECTION",
      split = ",",
      description =
          "Some of peak,train,score,reasons,stock,dl4j,pytorch,djl,rounds, with those they are compared"
              + " with; all by default.")
  private List<String> only = List.of();

  @Option(
      names = "--rows",
      defaultValue = "1000000",
      paramLabel = "N",
      description = "Of the table of section reasons (default: ${DEFAULT-VALUE}).")
  private long rows;

  @Option(
      names = "--out",
      paramLabel = "FILE.json",
      defaultValue = "latentlake-bench.json",
      description = "Where the figures go (default: ${DEFAULT-VALUE}).")
  private Path out;

  private Bench() {}

  @Override
  public Integer call() throws Exception {
    var sections = Section.named(only);
    requireWritable();
    if (rows < 1) {
      throw new InvalidInputException("--rows %d: must be at least 1".formatted(rows));
    }
    Report report = new Run(sections, peers, quick, rows).measure();
    write(report);
    new Table(command.commandLine().getOut()).print(report);
    return 0;
  }

  /** Before minutes of measuring rather than behind them. */
  private void requireWritable() {
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isWritable(folder) || Files.isDirectory(out)) {
      throw new InvalidInputException(
          "--out %s: can't be written; name a file in a folder that exists".formatted(out));
    }
  }

  private void write(Report report) {
    try {
      Files.write(out, Json.METRICS.writeValueAsBytes(report));
    } catch (IOException e) {
      throw new InvalidInputException(
          "--out %s: can't be written: %s".formatted(out, e.getMessage()), e);
    }
  }

  public static void main(String[] arguments) {
    int exitCode =
        new CommandLine(new Bench())
            .setExecutionExceptionHandler(
                (e, commandLine, parsed) -> {
                  if (e instanceof InvalidInputException) {
                    commandLine.getErr().println("latentlake: " + e.getMessage());
                    return INVALID_INPUT;
                  }
                  throw e;
                })
            .execute(arguments);
    System.exit(exitCode);
  }
}
