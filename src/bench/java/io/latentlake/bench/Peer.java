package io.latentlake.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * The same network in a process of its own. It is called with {@code --data FOLDER --epochs N},
 * where the folder has MNIST's files, and ends with one JSON object, {@code {"epochs": [{"seconds":
 * s}, …], "score_rows_per_second": {"batch size": n, …}}}.
 *
 * @param command to start it
 * @param threads that its BLAS may use
 * @param data the folder
 * @param epoch what its last epoch's seconds measure
 * @param score what the best of its scoring speeds measures
 */
record Peer(List<String> command, int threads, Path data, Quantity epoch, Quantity score)
    implements Contender {
  /** The first warms up. */
  private static final int EPOCHS = 2;

  @Override
  public Map<Quantity, Double> measure() throws IOException, InterruptedException {
    JsonNode figures = run();
    JsonNode epochs = figures.path("epochs");
    JsonNode scores = figures.path("score_rows_per_second");
    return Map.of(
        epoch, epochs.path(epochs.size() - 1).path("seconds").asDouble(),
        score,
            StreamSupport.stream(scores.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .max()
                .orElseThrow(() -> new IOException(command + ": printed no scoring speed")));
  }

  private JsonNode run() throws IOException, InterruptedException {
    var words = new ArrayList<>(command);
    words.addAll(List.of("--data", data.toString(), "--epochs", String.valueOf(EPOCHS)));
    Path errors = data.resolve("errors.txt");
    var builder = new ProcessBuilder(words).redirectError(errors.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", String.valueOf(threads));
    Process process = builder.start();
    try {
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        throw new IOException(
            "%s: exit code %d: %s"
                .formatted(String.join(" ", words), exitCode, Files.readString(errors)));
      }
      return Json.METRICS.readTree(printed);
    } finally {
      process.destroy();
    }
  }
}
