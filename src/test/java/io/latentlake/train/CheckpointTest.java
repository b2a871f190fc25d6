package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.train.Trainer.NamedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that is cut off anywhere and goes on ends where one that wasn't does. */
class CheckpointTest {
  private static final org.apache.hadoop.conf.Configuration HADOOP =
      SharedSpark.session().sessionState().newHadoopConf();
  private static final NamedTable TABLE = Tables.table(Tables.rows(200, 1), 3);
  private static final Map<String, Object> SETTINGS =
      Map.of(
          "train.epochs", 3,
          "train.workers", 2,
          "train.batch-size", 16,
          "train.averaging-frequency", 3,
          "train.warm-up", 9,
          "train.scaling", false);

  @TempDir Path folder;

  private static Configuration configuration(Map<String, ?> settings) {
    var all = new HashMap<String, Object>(SETTINGS);
    all.putAll(settings);
    return Tables.configuration(all);
  }

  /** An interruption, as far as a training can be interrupted from within. */
  private static final class Cut extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Trains until so many rounds are done. */
  private static TrainingProgress cutAfter(int rounds) {
    return new TrainingProgress() {
      private int done;

      @Override
      public void rowsDone(int epoch, long rows) {
        if (++done == rounds) {
          throw new Cut();
        }
      }
    };
  }

  private Checkpoints checkpoints(String every, int keep) {
    var interval = CheckpointInterval.parse("--checkpoint-every", every);
    return new Checkpoints(folder.resolve("checkpoints").toString(), interval, keep, HADOOP);
  }

  /** A training from the beginning. */
  private static Trainer.Result train(Configuration configuration, Checkpoints checkpoints) {
    return train(configuration, TABLE, checkpoints, Optional.empty(), new TrainingProgress() {});
  }

  private Trainer.Result goOn(Configuration configuration, Checkpoint from) {
    return train(
        configuration,
        TABLE,
        checkpointsKnowing(configuration),
        Optional.of(from),
        new TrainingProgress() {});
  }

  private static Trainer.Result train(
      Configuration configuration,
      NamedTable table,
      Checkpoints checkpoints,
      Optional<Checkpoint> from,
      TrainingProgress progress) {
    var request = TrainingRequest.of(configuration, Map.of());
    var recovery = new Recovery(Optional.of(checkpoints), from, request, 0, true);
    return new Trainer(SharedSpark.session(), progress)
        .train(configuration, Tables.PLAN, table, Optional.empty(), recovery);
  }

  private static Optional<Checkpoint> newest(Checkpoints checkpoints, Configuration configuration) {
    return checkpoints.newest(TrainingRequest.of(configuration, Map.of()), damaged -> {});
  }

  /** Trains, cut off behind every so many rounds until it ends. */
  private float[] trainInPieces(Configuration configuration, String every, int rounds) {
    for (int piece = 0; piece < 100; piece++) {
      Checkpoints checkpoints = checkpoints(every, 2);
      Optional<Checkpoint> from = newest(checkpoints, configuration);
      try {
        return weights(train(configuration, TABLE, checkpoints, from, cutAfter(rounds)));
      } catch (Cut e) {
        assertTrue(newest(checkpoints, configuration).isPresent() || every.equals("1"));
      }
    }
    throw new AssertionError("it never ends");
  }

  private static float[] undisturbed(Configuration configuration) {
    var trainer = new Trainer(SharedSpark.session(), new TrainingProgress() {});
    return weights(trainer.train(configuration, Tables.PLAN, TABLE, Optional.empty()));
  }

  private static float[] weights(Trainer.Result result) {
    try (VaeNetwork network = result.model().network()) {
      return network.parameters();
    }
  }

  /** Rounds an epoch: 100 rows a worker, 7 minibatches, 3 rounds. */
  @ParameterizedTest
  @CsvSource({"1round, 2", "1round, 3", "2rounds, 4", "1, 4", "1, 5"})
  void piecesEndWhereTheWholeDoes(String every, int rounds) {
    Configuration configuration = configuration(Map.of());
    assertArrayEquals(undisturbed(configuration), trainInPieces(configuration, every, rounds));
  }

  /** Whatever else is drawn, remembered or summed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.outer { rate = 0.8, momentum = 0.7 }",
        "train.shard-memory = 400",
        "train { dynamic-binarization = true, cool-down = 0.5 }",
        "train.updater.kind = sgd",
        "train.updater.kind = rmsprop",
        "train.workers = 20",
        "model.network { dropout = 0.2, normalization = batch }",
        "model.penalty { warm-up = 12, cycles = 2 }",
        "model.prior { family = mixture, components = 3 }",
        "model.variant = adversarial-autoencoder",
        "model.variant = vae-gan",
        "model.variant = discrete-vae",
        "model.variant = iwae"
      })
  void everyKindOfTrainingGoesOnToTheBit(String settings) {
    String small = "model { encoder = [8], latent = 2, decoder = [8] }\n";
    var overrides = new HashMap<>(SETTINGS);
    overrides.keySet().removeIf(settings::contains);
    Configuration configuration = Configuration.parse(small + settings, "test", overrides);
    assertArrayEquals(undisturbed(configuration), trainInPieces(configuration, "1round", 2));
  }

  /** What auto measures differs from run to run; from the first checkpoint on it is settled. */
  @Test
  void aMeasuredFrequencyIsKept() {
    Configuration configuration = configuration(Map.of("train.averaging-frequency", "auto"));
    assertThrows(
        Cut.class,
        () -> train(configuration, TABLE, checkpoints("1", 99), Optional.empty(), cutAfter(3)));
    Checkpoint first = newest(checkpoints("1", 99), configuration).orElseThrow();
    Trainer.Result one = goOn(configuration, first);
    Trainer.Result other = goOn(configuration, first);
    assertArrayEquals(weights(one), weights(other));
    assertEquals(
        first.document().frequency(),
        newest(checkpoints("1", 99), configuration).orElseThrow().document().frequency());
  }

  private Checkpoints checkpointsKnowing(Configuration configuration) {
    Checkpoints checkpoints = checkpoints("1", 99);
    assertTrue(newest(checkpoints, configuration).isPresent());
    return checkpoints;
  }

  @Test
  void theHistoryGoesOnToo() {
    Configuration configuration = configuration(Map.of());
    Checkpoints checkpoints = checkpoints("1round", 2);
    assertThrows(
        Cut.class, () -> train(configuration, TABLE, checkpoints, Optional.empty(), cutAfter(5)));
    Optional<Checkpoint> from = newest(checkpoints, configuration);
    assertEquals(2, from.orElseThrow().epoch());
    assertEquals(4, from.orElseThrow().rounds());
    List<EpochRecord> epochs =
        train(configuration, TABLE, checkpoints, from, new TrainingProgress() {})
            .history()
            .epochs();
    assertEquals(List.of(1, 2, 3), epochs.stream().map(EpochRecord::epoch).toList());
    for (EpochRecord epoch : epochs) {
      assertEquals(3, epoch.rounds().size());
    }
    double whole =
        new Trainer(SharedSpark.session(), new TrainingProgress() {})
            .train(configuration, Tables.PLAN, TABLE, Optional.empty())
            .history()
            .last()
            .trainingLoss();
    assertEquals(whole, epochs.get(2).trainingLoss());
  }

  @Test
  void theLastAreKept() throws IOException {
    Configuration configuration = configuration(Map.of());
    train(configuration, checkpoints("1round", 3));
    assertEquals(List.of("round-0000000007", "round-0000000008", "round-0000000009"), listed());
    Checkpoint last = newest(checkpoints("1", 1), configuration).orElseThrow();
    assertTrue(last.isComplete());
  }

  private List<String> listed() throws IOException {
    try (var files = Files.list(folder.resolve("checkpoints"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void everyFlippedBitIsNoticedAndTheOlderOneTaken() throws IOException {
    Configuration configuration = configuration(Map.of());
    train(configuration, checkpoints("1round", 2));
    Path newest = folder.resolve("checkpoints").resolve("round-0000000009");
    var names = List.of("checkpoint.json", "checkpoint.json.sha256", "weights.f32", "updater.f32");
    for (String name : names) {
      Path file = newest.resolve(name);
      byte[] content = Files.readAllBytes(file);
      for (int bit = 3; bit < 8 * content.length; bit += 8 * content.length / 10) {
        content[bit / 8] ^= (byte) (1 << bit % 8);
        replace(file, content);
        var damaged = new ArrayList<String>();
        Checkpoint older =
            checkpoints("1", 2)
                .newest(TrainingRequest.of(configuration, Map.of()), damaged::add)
                .orElseThrow();
        assertEquals(8, older.rounds());
        assertEquals(1, damaged.size());
        assertTrue(damaged.get(0).contains("round-0000000009: "), damaged.get(0));
        assertTrue(damaged.get(0).contains(name.replace(".sha256", "")), damaged.get(0));
        content[bit / 8] ^= (byte) (1 << bit % 8);
      }
      replace(file, content);
    }
    assertEquals(9, newest(checkpoints("1", 2), configuration).orElseThrow().rounds());
  }

  @Test
  void theDamagedOneIsReplaced() throws IOException {
    Configuration configuration = configuration(Map.of());
    train(configuration, checkpoints("1round", 2));
    Files.delete(folder.resolve("checkpoints").resolve("round-0000000009").resolve("updater.f32"));
    float[] weights = trainInPieces(configuration, "1round", 5);
    assertArrayEquals(undisturbed(configuration), weights);
    assertEquals(List.of("round-0000000008", "round-0000000009"), listed());
    assertEquals(9, newest(checkpoints("1", 2), configuration).orElseThrow().rounds());
  }

  @Test
  void whereNoneIsIntactNothingIsGuessed() throws IOException {
    Configuration configuration = configuration(Map.of());
    train(configuration, checkpoints("3", 1));
    Files.delete(
        folder.resolve("checkpoints").resolve("round-0000000009").resolve("checkpoint.json"));
    var error =
        assertThrows(InvalidInputException.class, () -> newest(checkpoints("1", 1), configuration));
    assertTrue(error.getMessage().contains("none of its 1 checkpoints"), error.getMessage());
  }

  @Test
  void anotherSpecificationIsRefusedAndNamed() {
    Configuration configuration = configuration(Map.of());
    train(configuration, checkpoints("3", 1));
    assertRefused(configuration(Map.of("train.epochs", 4)), "train.epochs: 3, now 4");
    assertRefused(configuration(Map.of("model.latent", 5)), "model.latent: 2, now 5");
    assertRefused(configuration(Map.of("train.workers", 3)), "train.workers: 2, now 3");
    // How scores are made is no matter of training.
    assertTrue(
        newest(checkpoints("3", 1), configuration(Map.of("score.contamination", 0.2))).isPresent());
  }

  private void assertRefused(Configuration other, String difference) {
    var error = assertThrows(InvalidInputException.class, () -> newest(checkpoints("3", 1), other));
    assertTrue(error.getMessage().contains(difference), error.getMessage());
  }

  @Test
  void anotherTableIsRefusedAndAnotherOrderIsTold() {
    Configuration configuration = configuration(Map.of());
    train(configuration, checkpoints("3", 1));
    Optional<Checkpoint> from = newest(checkpoints("3", 1), configuration);
    var error =
        assertThrows(
            InvalidInputException.class,
            () ->
                train(
                    configuration,
                    Tables.table(Tables.rows(201, 1), 3),
                    checkpoints("3", 1),
                    from,
                    new TrainingProgress() {}));
    assertTrue(error.getMessage().contains("200 rows"), error.getMessage());
    assertTrue(error.getMessage().contains("201 rows"), error.getMessage());
    assertThrows(
        InvalidInputException.class,
        () ->
            train(
                configuration,
                Tables.table(Tables.rows(200, 2), 3),
                checkpoints("3", 1),
                from,
                new TrainingProgress() {}));
    var warnings = new ArrayList<String>();
    var progress =
        new TrainingProgress() {
          @Override
          public void warning(String message) {
            warnings.add(message);
          }
        };
    NamedTable otherwiseParted = Tables.table(Tables.rows(200, 1), 5);
    train(configuration, otherwiseParted, checkpoints("3", 1), from, progress);
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("another order"), warnings.get(0));
  }

  @Test
  void twoRunsInOneFolderAreToldApart() {
    Configuration configuration = configuration(Map.of());
    Checkpoints late = checkpoints("1round", 2);
    assertTrue(newest(late, configuration).isEmpty());
    train(configuration, checkpoints("1round", 2));
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> train(configuration, TABLE, late, Optional.empty(), new TrainingProgress() {}));
    assertTrue(error.getMessage().contains("another run"), error.getMessage());
    assertThrows(InvalidInputException.class, () -> checkpoints("1", 1).begin(false));
    checkpoints("1", 1).begin(true);
    assertTrue(newest(checkpoints("1", 1), configuration).isEmpty());
  }

  @Test
  void intervalsThatAreNoneAreRefused() {
    assertEquals(CheckpointInterval.EPOCH, CheckpointInterval.parse("x", "1"));
    assertEquals(CheckpointInterval.EPOCH, CheckpointInterval.parse("x", "1epoch"));
    assertFalse(CheckpointInterval.parse("x", "50rounds").isDueAfterRound(49));
    for (String wrong : List.of("", "0", "rounds", "1.5", "-1", "1day", "99999999999")) {
      assertThrows(InvalidInputException.class, () -> CheckpointInterval.parse("x", wrong));
    }
  }

  /** Without the checksum of the file system, which would notice first. */
  private static void replace(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    Files.write(file, content);
  }
}
