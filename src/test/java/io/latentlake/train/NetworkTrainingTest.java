package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.model.Calibration;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.RowScores;
import io.latentlake.nn.VaeEngine;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.hadoop.fs.FileSystem;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that run on DL4J's graph, trained on Spark by two workers. */
class NetworkTrainingTest {
  private static final String CONVOLUTIONAL =
      "kind = convolutional, image = [3, 2, 2], channels = [6]";

  /** Twelve features are a 2 × 2 image of three channels. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "normalization = batch",
        "normalization = layer",
        "dropout = 0.1",
        CONVOLUTIONAL,
        CONVOLUTIONAL + ", normalization = batch, dropout = 0.1",
        CONVOLUTIONAL + ", normalization = layer"
      })
  void trainsTwiceTheSame(String network) {
    Trainer.Result result = train(network);
    List<EpochRecord> epochs = result.history().epochs();
    double first = epochs.get(0).validation().loss();
    double last = epochs.get(epochs.size() - 1).validation().loss();
    assertTrue(last < 0.9 * first, "from %s to %s".formatted(first, last));

    assertArrayEquals(parameters(result.model()), parameters(train(network).model()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "normalization = batch, dropout = 0.1",
        CONVOLUTIONAL + ", normalization = batch",
        CONVOLUTIONAL + ", normalization = layer"
      })
  void savedAndLoadedItScoresTheSame(String network, @TempDir Path folder) throws IOException {
    KllFloatsSketch errors = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    errors.update(1);
    TrainedVae model = train(network).model().withCalibration(Calibration.of(errors, 0.05));
    var hadoop = new org.apache.hadoop.conf.Configuration();
    ModelFolder.write(
        model, FileSystem.getLocal(hadoop), new org.apache.hadoop.fs.Path(folder.toUri()));

    TrainedVae loaded = ModelFolder.read(folder.toString(), hadoop);

    assertEquals(model.configuration(), loaded.configuration());
    RowScores expected = scores(model);
    RowScores actual = scores(loaded);
    assertArrayEquals(expected.reconstructionError(), actual.reconstructionError());
    assertArrayEquals(expected.kl(), actual.kl());
    assertArrayEquals(expected.latent(), actual.latent());
  }

  @Test
  void runningStatisticsComeBackFromTheWorkers() {
    TrainedVae model = train("normalization = batch").model();
    try (VaeNetwork network = model.network()) {
      var layer = network.graph().getLayer("encoder-0-normalized");
      var mean = layer.getParam(BatchNormalizationParamInitializer.GLOBAL_MEAN);
      var deviation = layer.getParam(BatchNormalizationParamInitializer.GLOBAL_LOG_STD);
      // They start at a mean of 0 and a deviation of 1, whose logarithm is 0.
      assertTrue(mean.amaxNumber().doubleValue() > 0.1, mean.toString());
      assertTrue(deviation.amaxNumber().doubleValue() > 0.05, deviation.toString());
    }
  }

  private static RowScores scores(TrainedVae model) {
    try (VaeEngine engine = model.engine()) {
      for (int i = 0; i < engine.staging().length; i++) {
        engine.staging()[i] = i % 7 / 7f;
      }
      var scores = RowScores.allocate(engine.capacity(), 2);
      engine.score(scores);
      return scores;
    }
  }

  private static Trainer.Result train(String network) {
    Configuration configuration =
        Configuration.parse(
            "model { encoder = [8], latent = 2, decoder = [8], network { " + network + " } }",
            "test",
            Map.of(
                "train.epochs", 8,
                "train.workers", 2,
                "train.batch-size", 16,
                "train.averaging-frequency", 4,
                "train.scaling", false,
                "train.updater.learning-rate", 0.01));
    var trainer = new Trainer(SharedSpark.session(), new TrainingProgress() {});
    var table = Tables.table(Tables.rows(401, 1), 2);
    return trainer.train(configuration, Tables.PLAN, table, Optional.of(table));
  }

  private static float[] parameters(TrainedVae model) {
    try (VaeNetwork network = model.network()) {
      return network.parameters();
    }
  }
}
