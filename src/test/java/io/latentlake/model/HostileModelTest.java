package io.latentlake.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import io.latentlake.SmallTables;
import io.latentlake.cli.CommandRun;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model's folder from a stranger is read or refused in one clear line: nothing that it names is
 * loaded, nothing beside it is read, and no memory is taken on its word. Checksums don't help
 * against a stranger, who makes them anew; so does this test.
 */
@Tag("slow")
class HostileModelTest {
  /** Of each of the models. */
  private static final int MUTATIONS = Integer.getInteger("latentlake.mutations", 10_000);

  /** What reading one of these small models may allocate at most, bytes. */
  private static final long MEMORY = 16L << 20;

  /** And for each byte of its document: text, tree and objects. */
  private static final long MEMORY_A_BYTE = 64;

  static boolean plantedWasLoaded;

  @TempDir static Path folder;

  private final Configuration hadoop = new Configuration();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

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
    Map<String, byte[]> intact = files(folder.resolve(model));
    Path hostile = Files.createDirectory(folder.resolve("hostile-" + model));
    for (var file : intact.entrySet()) {
      Files.write(hostile.resolve(file.getKey()), file.getValue());
    }
    var random = new Random(seed);
    long refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      Map<String, byte[]> changed = mutated(intact, random);
      for (var file : changed.entrySet()) {
        Files.write(hostile.resolve(file.getKey()), file.getValue());
      }
      refused += isRefused(hostile, model + " " + i) ? 1 : 0;
      for (String name : changed.keySet()) {
        Files.write(hostile.resolve(name), intact.get(name));
      }
    }
    return refused;
  }

  /** The model's own files; no seal, which a stranger leaves out. */
  private static Map<String, byte[]> files(Path model) throws IOException {
    var files = new TreeMap<String, byte[]>();
    JsonNode entries = Json.MAPPER.readTree(model.resolve("model.json").toFile()).get("files");
    files.put("model.json", Files.readAllBytes(model.resolve("model.json")));
    for (var names = entries.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      files.put(name, Files.readAllBytes(model.resolve(name)));
    }
    return files;
  }

  private static Map<String, byte[]> mutated(Map<String, byte[]> intact, Random random)
      throws IOException {
    var mutation = new Mutation(random);
    byte[] document = intact.get("model.json");
    return switch (random.nextInt(4)) {
      case 0 -> Map.of("model.json", mutation.ofBytes(document));
      case 1, 2 -> Map.of("model.json", mutation.ofJson(document));
      default -> {
        List<String> others =
            intact.keySet().stream().filter(name -> !name.equals("model.json")).toList();
        String name = others.get(random.nextInt(others.size()));
        byte[] changed = mutation.ofBytes(intact.get(name));
        var described = (ObjectNode) Json.MAPPER.readTree(document);
        described
            .withObject("/files/" + name)
            .put("bytes", changed.length)
            .put("sha256", FileEntry.of(changed).sha256());
        yield Map.of("model.json", Json.MAPPER.writeValueAsBytes(described), name, changed);
      }
    };
  }

  /** Reads it, and checks how it was refused. */
  private boolean isRefused(Path hostile, String name) throws IOException {
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      ModelFolder.read(hostile.toString(), hadoop);
      return false;
    } catch (InvalidInputException e) {
      assertTrue(e.getMessage().startsWith(hostile.toString()), e.getMessage());
      assertTrue(e.getMessage().length() < 2000, name + ": a message of novel length");
      return true;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("%s: not a clear error; see %s".formatted(name, kept(hostile)), e);
    } finally {
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      long document = Files.size(hostile.resolve("model.json"));
      if (allocated > MEMORY + MEMORY_A_BYTE * document) {
        fail("%s: %,d bytes were taken; see %s".formatted(name, allocated, kept(hostile)));
      }
    }
  }

  private static Path kept(Path hostile) throws IOException {
    Path kept = Path.of("target", "hostile-model.json").toAbsolutePath();
    return Files.write(kept, Files.readAllBytes(hostile.resolve("model.json")));
  }

  @Test
  void theIntactOnesAreRead() {
    for (String model : List.of("plain", "planned", "conditional")) {
      TrainedVae read = ModelFolder.read(folder.resolve(model).toString(), hadoop);
      assertEquals(2, read.configuration().model().latent());
    }
  }
}
