package io.latentlake.cli;

import io.latentlake.data.Addresses;
import io.latentlake.data.BadRowBudget;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.FeatureRequest;
import io.latentlake.data.MalformedRecords;
import io.latentlake.data.StagedFolder;
import io.latentlake.data.TablePlan;
import io.latentlake.data.TablePlanner;
import io.latentlake.model.ModelFolder;
import io.latentlake.spec.Configuration;
import io.latentlake.train.Checkpoint;
import io.latentlake.train.EarlyStop;
import io.latentlake.train.Recovery;
import io.latentlake.train.Trainer;
import io.latentlake.train.Trainer.NamedTable;
import io.latentlake.train.TrainingProgress;
import io.latentlake.train.TrainingRequest;
import io.latentlake.variant.Variants;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    description = "Trains a model on a table, by parameter averaging over Spark's task slots.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  /** Training diverged, and the model is that of the last good round. */
  private static final int DIVERGED = 5;

  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private TableOptions table;
  @Mixin private TrainOptions options;
  @Mixin private RecoveryOptions recovery;
  @Mixin private ReportOptions reporting;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Where the model goes.")
  private String model;

  @Option(
      names = "--condition",
      split = ",",
      paramLabel = "COLUMN",
      description =
          "For conditional-vae: what the rows are given. Text, whole numbers and booleans are classes;"
              + " float, double, vectors and arrays of them are numbers.")
  private List<String> condition = List.of();

  @Option(
      names = "--exclude",
      split = ",",
      paramLabel = "COLUMN",
      description = "Columns that --features auto leaves out: labels, say.")
  private List<String> exclude = List.of();

  @Option(
      names = "--validation",
      paramLabel = "SPEC",
      description = "A table of the same format whose loss is measured after each epoch.")
  private Optional<String> validation;

  @Option(
      names = BadRowOptions.MAX_BAD_ROWS,
      paramLabel = "N|P%",
      description =
          "How many rows that can't be used there may be, or which share of all, before the command"
              + " trains nothing and exits with 4 (default: no limit).")
  private Optional<String> maxBadRows = Optional.empty();

  @Option(names = "--overwrite", description = "Replace a model that is there.")
  private boolean overwrite;

  @Option(
      names = "--metrics",
      paramLabel = "FILE",
      description = "Where the run's figures go, as JSON.")
  private Optional<String> metrics;

  @Override
  public Integer call() throws IOException {
    BadRowBudget budget = BadRowOptions.budget(maxBadRows);
    try (var session = Session.open("train", main.verbose)) {
      Configuration configuration = options.configuration(session.hadoop());
      PrintWriter out = command.commandLine().getOut();
      Recovery prepared =
          recovery.prepare(
              TrainingRequest.of(configuration, asked()), overwrite, session.hadoop(), out);
      if (prepared.from().isPresent() && isDone(prepared.from().get(), session)) {
        out.printf("The run is complete already: its model is in %s%n", model);
        return 0;
      }
      return train(session, configuration, prepared, budget, out);
    }
  }

  private int train(
      Session session,
      Configuration configuration,
      Recovery prepared,
      BadRowBudget budget,
      PrintWriter out)
      throws IOException {
    Metrics.requirePlace(metrics, session.hadoop());
    table.requireOutside("--model", model, session);
    List<String> read = Stream.concat(Stream.of(table.input), validation.stream()).toList();
    try (var folder = StagedFolder.create(model, overwrite, read, session.hadoop())) {
      Variants.requireCondition(configuration.model(), !condition.isEmpty());
      NamedTable rows = table.open(session.spark());
      TrainingProgress progress = new BudgetedProgress(out, rows.name(), budget).and(main.log);
      // Quantiles that are learned twice may differ in a digit.
      FeaturePlan plan = prepared.from().map(Checkpoint::features).orElseGet(() -> plan(rows, out));
      var held = validation.map(name -> table.open(session.spark(), name));
      held.ifPresent(other -> FeaturePlanner.requireFit(plan, other.rows(), other.name()));
      Trainer.Result trained =
          Training.run(session, configuration, plan, rows, held, folder, prepared, progress);
      Metrics.of(trained.history(), trained.model()).report(main.log, metrics, session.hadoop());
      if (reporting.wanted()) {
        new RunReports(session, main.verbose, main.log, command.commandLine().getErr())
            .ofTraining(trained.model(), trained.history(), rows, table.forReport(), model);
      }
      EarlyStop stop = trained.history().stoppedEarly();
      if (stop != null) {
        PrintWriter err = command.commandLine().getErr();
        err.printf(
            "latentlake: %s. The model in %s is that of round %d, the last good one%n",
            stop.reason(), model, stop.lastGoodRound());
        return DIVERGED;
      }
      out.printf("The model is in %s%n", model);
    }
    return 0;
  }

  /** What decides what is learned, beside the configuration and the rows. */
  private Map<String, List<String>> asked() {
    return Map.of(
        "features",
        table.features,
        "exclude",
        exclude,
        "condition",
        condition,
        "validation",
        validation.map(Addresses::withoutSecrets).stream().toList());
  }

  /** Whether a training went to its end and its model is there. */
  private boolean isDone(Checkpoint from, Session session) throws IOException {
    return ModelFolder.isThere(model, session.hadoop())
        && from.isOf(ModelFolder.read(model, session.hadoop()));
  }

  private FeaturePlan plan(NamedTable rows, PrintWriter out) {
    var request =
        FeatureRequest.of(
            table.featuresOf(rows), exclude, MalformedRecords.without(rows.rows().schema()));
    TablePlan plan = TablePlanner.plan(rows.rows(), request, condition, rows.name());
    if (request.planned()) {
      out.printf(
          "%s: %d columns become features:%n", rows.name(), plan.features().columns().size());
      PlanTable.print(plan.features(), out);
      plan.leftOut()
          .forEach(each -> out.printf("  left out: %s, which %s%n", each.column(), each.why()));
    }
    return plan.features();
  }
}
