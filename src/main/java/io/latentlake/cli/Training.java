package io.latentlake.cli;

import io.latentlake.data.FeaturePlan;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Calibrator;
import io.latentlake.spec.Configuration;
import io.latentlake.train.Recovery;
import io.latentlake.train.Trainer;
import io.latentlake.train.Trainer.NamedTable;
import io.latentlake.train.TrainingProgress;
import java.io.IOException;
import java.util.Optional;

/** Trains, calibrates and writes a model: what the commands that train share. */
final class Training {
  private Training() {}

  /**
   * Trains on a table and commits the model with its history.
   *
   * @param held rows to measure the loss on after each epoch
   * @param folder where the model goes
   * @param recovery what is done against faults
   * @param progress is told how it goes
   * @return the calibrated model and its history
   */
  static Trainer.Result run(
      Session session,
      Configuration configuration,
      FeaturePlan plan,
      NamedTable table,
      Optional<NamedTable> held,
      StagedFolder folder,
      Recovery recovery,
      TrainingProgress progress)
      throws IOException {
    var trainer = new Trainer(session.spark(), progress);
    Calibrator.requireMeasurable(TrainedVae.untrained(configuration, plan));
    Trainer.Result result = trainer.train(configuration, plan, table, held, recovery);
    TrainedVae model = Calibrator.calibrate(session.context(), result.model(), table.rows());
    ModelFolder.write(model, folder.files(), folder.path());
    result.history().write(folder.files(), folder.path());
    folder.commit();
    return new Trainer.Result(model, result.history());
  }
}
