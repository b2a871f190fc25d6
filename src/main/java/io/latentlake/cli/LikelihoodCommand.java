package io.latentlake.cli;

import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.LikelihoodJob;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code latentlake likelihood}. */
@Command(
    name = "likelihood",
    description = "Measures log p(x) of a table's rows by importance sampling.",
    mixinStandardHelpOptions = true)
final class LikelihoodCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private TableOptions table;

  @Option(
      names = "--samples",
      defaultValue = "1000",
      description = "Importance samples a row (default: ${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--binarize",
      description =
          "Take each value for the probability of a 1 and draw that, as the published figures of"
              + " binarized MNIST do.")
  private boolean binarize;

  @Override
  public Integer call() {
    if (samples < 1) {
      throw new InvalidInputException("--samples %d: must be at least 1".formatted(samples));
    }
    try (var session = Session.open("likelihood", main.verbose)) {
      TrainedVae trained = table.reading(ModelFolder.read(model.folder(), session.hadoop()));
      NamedTable rows = table.open(session.spark(), trained);
      LikelihoodJob.Result result =
          LikelihoodJob.run(
              session.context(), trained, rows.name(), rows.rows(), samples, binarize);
      command
          .commandLine()
          .getOut()
          .printf(
              "log p(x) ≥ %.2f ± %.2f nats a row, %d samples each, %,d rows (%,d rejected)%n",
              result.mean(), result.standardError(), samples, result.rows(), result.rejected());
    }
    return 0;
  }
}
