package io.latentlake.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SmallTables;
import io.latentlake.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
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
  private static final int MUTATIONS = Integer.getInteger("latentlake.mutations", 3_000);

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
    train("plain", "settings", "left,right", "");
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

  @Test
  void everyMutationIsReadOrRefused() throws IOException {
    long refused = 0;
    for (String model : List.of("plain", "planned", "conditional")) {
      long of = refused(model, 1);
      assertTrue(of > MUTATIONS / 2, "only %d of %d were refused".formatted(of, MUTATIONS));
      refused += of;
    }
    assertFalse(plantedWasLoaded, "a class that a file named was loaded");
    System.out.printf("%,d mutated models, %,d refused, none harmful%n", 3 * MUTATIONS, refused);
  }

  private long refused(String model, int seed) throws IOException {
    Path hostile = folder.resolve("hostile-" + model);
    FileUtils.copyDirectory(folder.resolve(model).toFile(), hostile.toFile());
    // A stranger leaves the seal out.
    Files.delete(hostile.resolve("model.json.sha256"));
    return new HostileFolder(hostile, "model.json")
        .refused(MUTATIONS, seed, () -> ModelFolder.read(hostile.toString(), hadoop));
  }

  @Test
  void theIntactOnesAreRead() {
    for (String model : List.of("plain", "planned", "conditional")) {
      TrainedVae read = ModelFolder.read(folder.resolve(model).toString(), hadoop);
      assertEquals(2, read.configuration().model().latent());
    }
  }
}
