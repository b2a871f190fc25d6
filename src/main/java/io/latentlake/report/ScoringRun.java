package io.latentlake.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import java.util.Map;

/**
 * What a scoring run knows and its table doesn't: {@value #FILE} in the table's folder.
 *
 * @param input the table that was scored, as it was named
 * @param model the model's folder, as it was named
 * @param rows scored ones
 * @param rejectedRows those that could not be
 * @param rejectedByReason the same, by {@link io.latentlake.data.RejectReason}
 * @param seconds from the first row read to the last one written
 * @param time where its tasks' time went
 * @param settings Spark's, without secrets
 */
public record ScoringRun(
    String input,
    String model,
    long rows,
    long rejectedRows,
    Map<String, Long> rejectedByReason,
    double seconds,
    TaskTime time,
    Map<String, String> settings) {
  /** Spark passes over names that begin so. */
  public static final String FILE = "_run.json";

  public ScoringRun {
    if (input == null
        || model == null
        || rejectedByReason == null
        || time == null
        || settings == null) {
      throw new InvalidInputException("a part of the run is null");
    }
    input = Redaction.place(input);
    model = Redaction.place(model);
  }

  /**
   * Reads {@link #json}.
   *
   * @param name the file's, for the error
   * @throws InvalidInputException when it is something else
   */
  public static ScoringRun read(String json, String name) {
    try {
      return Json.METRICS.readValue(json, ScoringRun.class);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "%s: damaged: %s; delete it to do without"
              .formatted(name, e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  /** The file's content. */
  public byte[] json() {
    try {
      return Json.METRICS.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a run is numbers, texts and maps", e);
    }
  }

  double rowsPerSecond() {
    return rows / seconds;
  }
}
