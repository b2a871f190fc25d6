package io.latentlake.cli;

import io.latentlake.model.TrainedVae;
import io.latentlake.score.Baseline;
import io.latentlake.score.Evaluation;
import io.latentlake.score.IsolationForestBaseline;
import io.latentlake.score.LabelledTable;
import io.latentlake.score.PrincipalComponents;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "evaluate",
    description = "Measures scores against a label: how well do they find the anomalies?",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;

  @Mixin private ScoredTables tables;

  @Option(
      names = "--label",
      required = true,
      paramLabel = "COLUMN",
      description = "A kept column that says which rows are anomalies.")
  private String label;

  @Option(
      names = "--positive",
      required = true,
      paramLabel = "VALUE",
      description = "Its value for anomalies.")
  private String positive;

  @ArgGroup(exclusive = false)
  private BaselineOptions baselines;

  @Option(names = "--metrics", paramLabel = "FILE", description = "Where the figures go, as JSON.")
  private Optional<String> metrics;

  @Override
  public Integer call() {
    try (var session = Session.open("evaluate", main.verbose)) {
      Metrics.requirePlace(metrics, session.hadoop());
      Evaluation evaluation = Evaluation.of(tables.open(session.spark()), label, positive);
      print(evaluation, command.commandLine().getOut());
      Metrics figures = Metrics.of(evaluation);
      if (baselines != null) {
        compare(session, figures, command.commandLine().getOut());
      }
      figures.report(main.log, metrics, session.hadoop());
    }
    return 0;
  }

  static void print(Evaluation evaluation, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%,d rows, %,d of them positive%n"
            + "AUROC      %.4f%n"
            + "AUPRC      %.4f%n"
            + "precision  %.4f at the model's threshold%n"
            + "recall     %.4f%n",
        evaluation.rows(),
        evaluation.positives(),
        evaluation.auroc(),
        evaluation.auprc(),
        evaluation.precision(),
        evaluation.recall());
    out.flush();
  }

  private void compare(Session session, Metrics figures, PrintWriter out) {
    TrainedVae model = baselines.model(session);
    try (LabelledTable table = baselines.open(session, model, label, positive)) {
      int latent = model.configuration().model().latent();
      Baseline components = PrincipalComponents.measure(table, latent);
      print(components, out);
      figures.with("principal_components", components);
      Optional<Baseline> forest = IsolationForestBaseline.measure(session.spark(), table);
      forest.ifPresentOrElse(
          measured -> print(measured, out),
          () ->
              out.println(
                  "No isolation forest: its library isn't installed; add it with -- --packages "
                      + IsolationForestBaseline.COORDINATES));
      forest.ifPresent(measured -> figures.with("isolation_forest", measured));
    }
    out.flush();
  }

  private static void print(Baseline baseline, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "Baseline of %s, %,d rows, %,d of them positive%n"
            + "AUROC      %.4f%n"
            + "AUPRC      %.4f%n",
        baseline.method(),
        baseline.rows(),
        baseline.positives(),
        baseline.auroc(),
        baseline.auprc());
  }
}
