package io.latentlake.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.latentlake.data.FileSystems;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The folder in which an incremental job remembers what it has scored: Spark's, and in it a file
 * that pins what it is the memory of. Another model's scores are not to be mixed into a table
 * unseen, nor another table's rows to be missed because their number was had before.
 *
 * @param folder on any file system Hadoop knows
 * @param pinned what it belongs to
 */
public record Checkpoint(String folder, Pinned pinned) {
  private static final String FILE = "latentlake.json";

  /**
   * What a checkpoint belongs to.
   *
   * @param id drawn for it
   * @param input the table that is read: its name, or qualified path
   * @param output likewise
   * @param model fingerprint of the model that scores
   */
  public record Pinned(String id, String input, String output, String model) {}

  /**
   * The checkpoint of a folder, a new one where there is none; nothing is written yet.
   *
   * @throws InvalidInputException when it belongs to another input, output or model
   */
  public static Checkpoint of(
      String folder, String input, String output, String model, Configuration hadoop) {
    Optional<String> json = FileSystems.textIfThere(new Path(folder, FILE), hadoop);
    if (json.isEmpty()) {
      return new Checkpoint(folder, new Pinned(UUID.randomUUID().toString(), input, output, model));
    }
    var checkpoint = new Checkpoint(folder, parsed(folder, json.get()));
    checkpoint.requireSame("input", checkpoint.pinned.input, input);
    checkpoint.requireSame("output", checkpoint.pinned.output, output);
    checkpoint.requireSame("model", checkpoint.pinned.model, model);
    return checkpoint;
  }

  private static Pinned parsed(String folder, String json) {
    try {
      return Json.MAPPER.readValue(json, Pinned.class);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "--checkpoint %s: %s is damaged; start anew with another --checkpoint and --output"
              .formatted(folder, FILE),
          e);
    }
  }

  private void requireSame(String what, String expected, String found) {
    if (!expected.equals(found)) {
      throw new InvalidInputException(
          "--checkpoint %s: it was begun with another %s (%s, and now %s); give that one, or start anew with another --checkpoint and --output"
              .formatted(folder, what, expected, found));
    }
  }

  /** Whether it knows of batches whose output is written. */
  public boolean hasBatches(Configuration hadoop) {
    var committed = new Path(folder, "commits");
    try {
      var files = FileSystems.of(committed, hadoop);
      return files.exists(committed) && files.listStatus(committed).length > 0;
    } catch (IOException e) {
      throw new InvalidInputException(
          "--checkpoint %s: can't be read: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /** Writes what it belongs to; the first run does, and later ones leave it as it is. */
  void pin(Configuration hadoop) {
    try {
      String json = Json.MAPPER.writeValueAsString(pinned);
      FileSystems.writeWhole(new Path(folder, FILE), json, hadoop);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts", e);
    }
  }
}
