package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.data.RowEncoder;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.Noise;
import io.latentlake.nn.TrainingStep;
import io.latentlake.nn.VaeEngine;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.RowShape;
import io.latentlake.train.Trainer.NamedTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameter averaging: against plain local training, and on tables of awkward shapes. */
class AveragingTest {

  @ParameterizedTest
  @CsvSource({"1", "3", "1000"})
  void oneWorkerEqualsPlainLocalTrainingToTheBit(int frequency) {
    List<Row> rows = Tables.rows(150, 1);
    Configuration configuration =
        Tables.configuration(
            Map.of(
                "train.workers", 1,
                "train.batch-size", 16,
                "train.averaging-frequency", frequency));
    Trainer.Result averaged = train(configuration, Tables.table(rows, 1));
    assertArrayEquals(trainLocally(configuration, rows), parameters(averaged.model()));
  }

  /** The same epochs without Spark, rounds or replicas: one engine, one batch behind the other. */
  private static float[] trainLocally(Configuration configuration, List<Row> rows) {
    var spec = configuration.train();
    ReplicaPlan plan = ReplicaPlan.of(configuration, RowShape.of(Tables.WIDTH));
    ReplicaState start = plan.initial();
    int iteration = 0;
    try (VaeEngine engine = plan.engine()) {
      engine.setParameters(start.parameters());
      engine.setUpdaterState(start.updaterState());
      for (int epoch = 1; epoch <= spec.epochs(); epoch++) {
        int[] order = Windows.shuffle(rows.size(), Noise.seed(spec.seed(), epoch, 0));
        for (int at = 0; at < order.length; at += spec.batchSize()) {
          int size = Math.min(spec.batchSize(), order.length - at);
          for (int i = 0; i < size; i++) {
            byte[] pixels = rows.get(order[at + i]).getAs(0);
            for (int j = 0; j < Tables.WIDTH; j++) {
              engine.staging()[i * Tables.WIDTH + j] = (pixels[j] & 0xff) * RowEncoder.BYTE_STEP;
            }
          }
          long noise = Noise.seed(spec.seed(), epoch, 0, at);
          engine.train(size, new TrainingStep(noise, iteration++, spec.updater().learningRate()));
        }
      }
      return engine.parameters();
    }
  }

  /** Bytes of rows in memory; a worker has 1200 of them. */
  @ParameterizedTest
  @CsvSource({"0", "400"})
  void sameSeedSameWeightsAndAnotherSeedOthers(long shardMemory) {
    NamedTable table = Tables.table(Tables.rows(200, 1), 3);
    Map<String, ?> settings =
        Map.of(
            "train.workers", 2,
            "train.batch-size", 8,
            "train.averaging-frequency", 3,
            "train.shard-memory", shardMemory);
    float[] first = parameters(train(Tables.configuration(settings), table).model());
    assertArrayEquals(first, parameters(train(Tables.configuration(settings), table).model()));
    var otherSettings = new HashMap<String, Object>(settings);
    otherSettings.put("train.seed", 2);
    float[] other = parameters(train(Tables.configuration(otherSettings), table).model());
    assertFalse(Arrays.equals(first, other));
  }

  /** Rows, partitions, workers, batch size, frequency. */
  @ParameterizedTest
  @CsvSource({
    "100, 2, 2, 16, 4",
    "101, 7, 2, 16, 4", // a last short batch, uneven partitions
    "5, 9, 2, 16, 4", // empty partitions
    "1, 1, 4, 16, 4", // fewer rows than workers
    "3, 2, 4, 1, 1",
    "64, 1, 3, 1000, 1", // a batch larger than a shard
    "40, 2, 20, 1, 4" // more workers than are summed in order
  })
  void tablesOfEveryShapeTrain(
      int rows, int partitions, int workers, int batchSize, int frequency) {
    Configuration configuration =
        Tables.configuration(
            Map.of(
                "train.workers", workers,
                "train.batch-size", batchSize,
                "train.averaging-frequency", frequency));
    Trainer.Result result = train(configuration, Tables.table(Tables.rows(rows, 1), partitions));
    assertEquals(rows, result.model().provenance().rows());
    assertEquals(2, result.history().epochs().size());
    for (float weight : parameters(result.model())) {
      assertTrue(Float.isFinite(weight));
    }
  }

  @Test
  void shardsAreEvenHoweverThePartitionsAre() {
    List<Row> rows = Tables.rows(103, 1);
    var encoder = new RowEncoder(Tables.PLAN, Tables.configuration(Map.of()).model().likelihood());
    try (ShardedTable shards =
        ShardedTable.pack(Tables.table(rows, 10).rows(), encoder, 4, Long.MAX_VALUE)) {
      assertEquals(103, shards.rows());
      for (int count : shards.rowsByWorker()) {
        assertTrue(Math.abs(count - 103 / 4) <= 10, Arrays.toString(shards.rowsByWorker()));
      }
    }
  }

  @ParameterizedTest
  // Plain gradient descent is still on the plateau where z says nothing: 12 ln 2 = 8.3 nats.
  @CsvSource({"adam, 0.01, 0.9", "rmsprop, 0.01, 0.9", "sgd, 0.2, 0.97"})
  void theLossFallsWithTwoWorkers(String updater, double rate, double share) {
    Configuration configuration =
        Tables.configuration(
            Map.of(
                "train.epochs", 8,
                "train.workers", 2,
                "train.batch-size", 16,
                "train.averaging-frequency", 4,
                "train.scaling", false,
                "train.updater.kind", updater,
                "train.updater.learning-rate", rate));
    assertLossFalls(train(configuration, Tables.table(Tables.rows(400, 1), 2)), share);
  }

  @ParameterizedTest
  @CsvSource({"vae, 0", "vae, 400", "autoencoder, 0", "adversarial-autoencoder, 0"})
  void theStockMasterTrainsToo(String variant, long shardMemory) {
    Configuration configuration =
        Tables.configuration(
            Map.of(
                "train.epochs",
                4,
                "train.workers",
                2,
                "train.batch-size",
                16,
                "train.averaging-frequency",
                4,
                "train.shard-memory",
                shardMemory,
                "train.updater.learning-rate",
                0.01,
                "model.variant",
                variant,
                "train.master",
                "stock"));
    List<EpochRecord> epochs =
        train(configuration, Tables.table(Tables.rows(400, 1), 2)).history().epochs();
    double first = epochs.get(0).train().reconstruction();
    double last = epochs.get(epochs.size() - 1).train().reconstruction();
    // An adversarial autoencoder's KL isn't trained on, and may rise.
    assertTrue(last < 0.95 * first, "from %s to %s".formatted(first, last));
  }

  private static void assertLossFalls(Trainer.Result result, double share) {
    List<EpochRecord> epochs = result.history().epochs();
    double first = epochs.get(0).train().loss();
    double last = epochs.get(epochs.size() - 1).train().loss();
    assertTrue(last < share * first, "from %s to %s".formatted(first, last));
    assertEquals(
        result.history().last().train().loss(),
        result.history().last().train().reconstruction() + result.history().last().train().kl(),
        1e-9);
  }

  @Test
  void rowsThatCannotBeUsedAreLeftOutAndCounted() {
    List<Row> rows = new ArrayList<>(Tables.rows(50, 1));
    rows.add(RowFactory.create((Object) null));
    rows.add(RowFactory.create((Object) new byte[3]));
    Trainer.Result result = train(Tables.configuration(Map.of()), Tables.table(rows, 3));
    assertEquals(50, result.model().provenance().rows());
    assertEquals(2, result.model().provenance().rejectedRows());
  }

  @Test
  void aRunSaysWhereItsTimeWent() {
    Configuration configuration =
        Tables.configuration(
            Map.of(
                "train.workers", 2,
                "train.batch-size", 16,
                "train.averaging-frequency", 2));
    Trainer.Result result = train(configuration, Tables.table(Tables.rows(256, 1), 2));
    for (EpochRecord epoch : result.history().epochs()) {
      assertEquals(4, epoch.rounds().size());
      assertEquals(epoch.seconds(), epoch.time().total(), 0.1 * epoch.seconds() + 0.1);
      assertTrue(epoch.time().compute() > 0 && epoch.time().aggregate() > 0);
    }
  }

  @Test
  void divergenceIsNamedWithItsRemedy() {
    Configuration configuration =
        Tables.configuration(
            Map.of("train.updater.kind", "sgd", "train.updater.learning-rate", 1e12));
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> train(configuration, Tables.table(Tables.rows(200, 1), 2)));
    assertTrue(error.getMessage().contains("learning-rate"), error.getMessage());
  }

  @Test
  void nothingStaysCachedBehindATraining() {
    train(Tables.configuration(Map.of()), Tables.table(Tables.rows(50, 1), 2));
    assertTrue(SharedSpark.session().sparkContext().getPersistentRDDs().isEmpty());
  }

  private static Trainer.Result train(Configuration configuration, NamedTable table) {
    var trainer = new Trainer(SharedSpark.session(), new TrainingProgress() {});
    return trainer.train(configuration, Tables.PLAN, table, Optional.of(table));
  }

  private static float[] parameters(TrainedVae model) {
    try (VaeNetwork network = model.network()) {
      return network.parameters();
    }
  }
}
