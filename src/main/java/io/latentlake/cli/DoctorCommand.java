package io.latentlake.cli;

import io.latentlake.cluster.CheckUp;
import io.latentlake.cluster.Finding;
import io.latentlake.cluster.Finding.Level;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code latentlake doctor}. */
@Command(
    name = "doctor",
    description =
        "Looks at the driver, every executor and the paths of a run, and says what is wrong with them;"
            + " ends with 0 when a run would get through, with 1 when not.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Option(
      names = "--path",
      paramLabel = "DIR",
      description = "Where a run is to write: models, scores, checkpoints. May be given often.")
  private List<String> paths = List.of();

  @Override
  public Integer call() {
    try (var session = Session.open("doctor", main.verbose)) {
      List<Finding> findings = CheckUp.of(session.context(), session.hadoop(), paths);
      print(findings, command.commandLine().getOut());
      return count(findings, Level.PROBLEM) == 0 ? 0 : 1;
    }
  }

  private static void print(List<Finding> findings, PrintWriter out) {
    for (Finding finding : findings) {
      out.printf(
          "%-7s  %s: %s%n",
          finding.level().name().toLowerCase(Locale.ROOT), finding.place(), finding.text());
    }
    long problems = count(findings, Level.PROBLEM);
    long warnings = count(findings, Level.WARNING);
    out.printf(
        "%s; problems: %d, warnings: %d%n",
        problems == 0 ? "A run would get through" : "A run would fail", problems, warnings);
    out.flush();
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
