package io.latentlake.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A {@link SealedFolder} that is changed again and again and put right in between; with each change
 * it is read, or refused in one clear line and within the memory that its own size explains.
 * Checksums don't help against a stranger, who makes them anew; so does this.
 */
public final class HostileFolder {
  /** What reading one of these small folders may allocate at most, bytes. */
  private static final long MEMORY = 16L << 20;

  /** And for each byte of its document: text, tree and objects. */
  private static final long MEMORY_A_BYTE = 64;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Path folder;
  private final String document;
  private final Map<String, byte[]> intact = new TreeMap<>();

  /** What reads it. */
  public interface Reader {
    /**
     * Reads it.
     *
     * @return what is then done with it, whose memory isn't measured
     * @throws InvalidInputException where it is refused
     */
    Use read() throws IOException;
  }

  /** What is done with one that was read. */
  public interface Use {
    /**
     * Does it.
     *
     * @throws InvalidInputException where it can't be done
     */
    void run() throws IOException;
  }

  /**
   * A folder that is intact.
   *
   * @param document the name of its document; a seal beside it is made anew as well
   */
  public HostileFolder(Path folder, String document) throws IOException {
    this.folder = folder;
    this.document = document;
    byte[] content = Files.readAllBytes(folder.resolve(document));
    intact.put(document, content);
    JsonNode entries = Json.MAPPER.readTree(content).path("files");
    for (var names = entries.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      intact.put(name, Files.readAllBytes(folder.resolve(name)));
    }
    // Hadoop's own checksums, without which it reads a file as well.
    for (String name : intact.keySet()) {
      Files.deleteIfExists(folder.resolve("." + name + ".crc"));
    }
    Files.deleteIfExists(folder.resolve("." + document + ".sha256.crc"));
  }

  /** How many of so many changes were refused. */
  public long refused(int changes, int seed, Reader reader) throws IOException {
    var random = new Random(seed);
    long refused = 0;
    for (int i = 0; i < changes; i++) {
      Map<String, byte[]> changed = mutated(random);
      write(changed);
      refused += isRefused(reader, folder.getFileName() + " " + i) ? 1 : 0;
      changed.replaceAll((name, content) -> intact.get(name));
      write(changed);
    }
    return refused;
  }

  private void write(Map<String, byte[]> files) throws IOException {
    for (var file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    Path seal = folder.resolve(document + ".sha256");
    if (Files.exists(seal) && files.containsKey(document)) {
      String sum = FileEntry.of(files.get(document)).sha256();
      Files.write(seal, (sum + "  " + document + "\n").getBytes(UTF_8));
    }
  }

  private Map<String, byte[]> mutated(Random random) throws IOException {
    var mutation = new Mutation(random);
    byte[] content = intact.get(document);
    var changed = new HashMap<String, byte[]>();
    // A document that stands alone names no others to change.
    switch (random.nextInt(intact.size() > 1 ? 4 : 3)) {
      case 0 -> changed.put(document, mutation.ofBytes(content));
      case 1, 2 -> changed.put(document, mutation.ofJson(content));
      default -> {
        List<String> others =
            intact.keySet().stream()
                .filter(name -> !name.equals(document) && intact.get(name).length > 0)
                .toList();
        String name = others.get(random.nextInt(others.size()));
        changed.put(name, mutation.ofBytes(intact.get(name)));
        changed.put(document, describing(name, changed.get(name)));
      }
    }
    return changed;
  }

  /** The document with another size and checksum of a file. */
  private byte[] describing(String name, byte[] content) throws IOException {
    var described = (ObjectNode) Json.MAPPER.readTree(intact.get(document));
    described
        .withObject("/files/" + name)
        .put("bytes", content.length)
        .put("sha256", FileEntry.of(content).sha256());
    return Json.MAPPER.writeValueAsBytes(described);
  }

  /** Reads it, and checks how it was refused. */
  private boolean isRefused(Reader reader, String name) throws IOException {
    Optional<Use> use = read(reader, name);
    if (use.isEmpty()) {
      return true;
    }
    try {
      use.get().run();
    } catch (InvalidInputException e) {
      assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
      assertTrue(e.getMessage().length() < 2000, name + ": a message of novel length");
    } catch (RuntimeException | Error e) {
      throw new AssertionError("%s: not a clear error; see %s".formatted(name, kept()), e);
    }
    return false;
  }

  /** Empty where it is refused. */
  private Optional<Use> read(Reader reader, String name) throws IOException {
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      return Optional.of(reader.read());
    } catch (InvalidInputException e) {
      assertTrue(e.getMessage().contains(folder.getParent().toString()), e.getMessage());
      assertTrue(e.getMessage().length() < 2000, name + ": a message of novel length");
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      throw new AssertionError("%s: not a clear error; see %s".formatted(name, kept()), e);
    } finally {
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      long size = Files.size(folder.resolve(document));
      if (allocated > MEMORY + MEMORY_A_BYTE * size) {
        fail("%s: %,d bytes were taken; see %s".formatted(name, allocated, kept()));
      }
    }
  }

  private Path kept() throws IOException {
    Path kept = Path.of("target", "hostile-" + document).toAbsolutePath();
    return Files.write(kept, Files.readAllBytes(folder.resolve(document)));
  }
}
