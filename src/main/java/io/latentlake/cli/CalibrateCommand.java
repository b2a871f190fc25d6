package io.latentlake.cli;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Calibrator;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code latentlake calibrate}. */
@Command(
    name = "calibrate",
    description = "Gives a model another kind of score, or another threshold, without training it.",
    mixinStandardHelpOptions = true)
final class CalibrateCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec command;
  @Mixin private ModelOption model;
  @Mixin private TableOptions table;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "dispersion, deviance, reconstruction, squared, elbo, log_likelihood, latent_distance or"
              + " likelihood_regret (default: the model's).")
  private Optional<ScoreSpec.Kind> kind;

  @Option(
      names = "--contamination",
      description = "Share of the table's rows taken to be anomalous (default: the model's).")
  private Optional<Double> contamination;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Where the model goes that scores so; the other stays what it is.")
  private String output;

  @Option(names = "--overwrite", description = "Replace a model that is there.")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    try (var session = Session.open("calibrate", main.verbose);
        var folder =
            StagedFolder.create(
                output, overwrite, List.of(table.input, model.folder()), session.hadoop())) {
      TrainedVae trained = table.reading(ModelFolder.read(model.folder(), session.hadoop()));
      ScoreSpec own = trained.configuration().score();
      ScoreSpec wanted =
          own.with(kind.orElse(own.kind()), contamination.orElse(own.contamination()));
      NamedTable rows = table.open(session.spark(), trained);
      FeaturePlanner.requireFit(trained.features(), rows.rows(), rows.name());
      TrainedVae calibrated =
          Calibrator.calibrate(session.context(), trained.scoringBy(wanted), rows.rows());
      ModelFolder.write(calibrated, folder.files(), folder.path());
      folder.commit();
      command
          .commandLine()
          .getOut()
          .printf(
              Locale.ROOT,
              "The model is in %s; past a %s of %.2f a row is an anomaly%n",
              output,
              wanted.kind().name().toLowerCase(Locale.ROOT),
              calibrated.requireCalibration().threshold());
    }
    return 0;
  }
}
