package io.latentlake.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.cli.CommandRun;
import io.latentlake.report.ModelReport;
import io.latentlake.score.RowScorer;
import io.latentlake.score.ScoredRow;
import io.latentlake.train.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model's folder from a stranger is read or refused in one clear line: nothing that it names is
 * loaded, nothing beside it is read, and no memory is taken on its word.
 */
@Tag("slow")
@Tag("counts")
class HostileModelTest {
  /** Of each of the models. */
  private static final int MUTATIONS = Integer.getInteger("latentlake.mutations", 1_250);

  private static final List<String> MODELS =
      List.of("plain", "planned", "conditional", "segmented");

  /** A row of the table. */
  private static final Map<String, Object> ROW =
      Map.of("id", 7L, "kind", "usual", "left", 0.5, "right", 0.4);

  static boolean plantedWasLoaded;

  @TempDir static Path folder;

  private final Configuration hadoop = new Configuration();

  @BeforeAll
  static void train() throws IOException {
    Files.writeString(folder.resolve("settings.conf"), SmallTables.NUMBERS_CONFIGURATION);
    Files.writeString(
        folder.resolve("planned.conf"), "model { encoder = [8], latent = 2, decoder = [8] }");
    Files.writeString(
        folder.resolve("conditional.conf"),
        SmallTables.NUMBERS_CONFIGURATION + "\nmodel.variant = conditional-vae");
    SmallTables.parquet(SmallTables.numbers(200), folder.resolve("table"));
    Files.writeString(
        folder.resolve("distances.conf"),
        SmallTables.NUMBERS_CONFIGURATION + "\nscore.kind = latent_distance");
    train("plain", "settings", "left,right", "");
    train("distances", "distances", "left,right", " --validation " + folder.resolve("table"));
    run("score --model %s/distances --input %s/table --output %s/scores");
    run(
        "threshold --model %s/distances --scores %s/scores --budget 5 --segment-by kind --output %s/segmented");
    train("planned", "planned", "auto", " --exclude id --epochs 1");
    train("conditional", "conditional", "left,right", " --condition kind");
  }

  private static void train(String model, String settings, String features, String more) {
    CommandRun.of(
            "train --input %s --model %s --config %s.conf --features %s%s"
                .formatted(
                    folder.resolve("table"),
                    folder.resolve(model),
                    folder.resolve(settings),
                    features,
                    more)
                .split(" "))
        .orFail();
  }

  private static void run(String words) {
    CommandRun.of(words.formatted(folder, folder, folder).split(" ")).orFail();
  }

  @Test
  void everyMutationIsReadOrRefused() throws IOException {
    long refused = 0;
    for (String model : MODELS) {
      long of = refused(model, 1);
      assertTrue(of > MUTATIONS / 2, "only %d of %d were refused".formatted(of, MUTATIONS));
      refused += of;
    }
    assertFalse(plantedWasLoaded, "a class that a file named was loaded");
    System.out.printf(
        "%,d mutated models, %,d refused, none harmful%n", MODELS.size() * MUTATIONS, refused);
  }

  private long refused(String model, int seed) throws IOException {
    Path hostile = folder.resolve("hostile-" + model);
    FileUtils.copyDirectory(folder.resolve(model).toFile(), hostile.toFile());
    // A stranger leaves the seal out.
    Files.delete(hostile.resolve("model.json.sha256"));
    return new HostileFolder(hostile, "model.json")
        .refused(
            MUTATIONS,
            seed,
            () -> {
              TrainedVae read = ModelFolder.read(hostile.toString(), hadoop);
              return () -> score(read);
            });
  }

  /** What it gives may be nonsense, but is numbers. */
  private static void score(TrainedVae model) {
    assertNotNull(model.recordedTypes());
    try (var scorer = new RowScorer(model)) {
      ScoredRow scored = scorer.score(ROW);
      assertEquals(model.configuration().model().latent(), scored.latent().length);
    }
  }

  /** The report of a model reads it. */
  @Test
  void everyHistoryIsReportedOrRefused() throws IOException {
    Path hostile = Files.createDirectory(folder.resolve("hostile-history"));
    Files.copy(
        folder.resolve("distances").resolve("history.json"), hostile.resolve("history.json"));
    TrainedVae model = ModelFolder.read(folder.resolve("distances").toString(), hadoop);
    var path = new org.apache.hadoop.fs.Path(hostile.toUri());
    FileSystem files = path.getFileSystem(hadoop);
    int mutations = MUTATIONS / 4;
    long refused =
        new HostileFolder(hostile, "history.json")
            .refused(
                mutations,
                1,
                () -> {
                  Optional<History> history = History.read(files, path);
                  return () -> {
                    History.stopReason(files, path);
                    ModelReport.of(
                        SharedSpark.session(), model, history, Optional.empty(), Map.of());
                  };
                });
    assertTrue(refused > mutations / 5, "only %d of %d were refused".formatted(refused, mutations));
    System.out.printf("%,d mutated histories, %,d refused, none harmful%n", mutations, refused);
  }

  @Test
  void theIntactOnesAreRead() {
    for (String model : MODELS) {
      TrainedVae read = ModelFolder.read(folder.resolve(model).toString(), hadoop);
      assertEquals(2, read.configuration().model().latent());
    }
  }
}
