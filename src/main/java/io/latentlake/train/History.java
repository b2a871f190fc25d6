package io.latentlake.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How a training run went.
 *
 * @param devices what each executor computed on
 * @param epochs one record an epoch
 * @param latent how the latent dimensions are used at the end, measured on the validation rows, or
 *     on the training rows where there are none; null where q(z|x) isn't Gaussian
 * @param logLikelihood log p(x) of the same rows, nats, mean over them; null where it wasn't asked
 *     for
 * @param stoppedEarly why it ended before its last epoch; null where it did not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record History(
    List<ExecutorDevice> devices,
    List<EpochRecord> epochs,
    LatentUse latent,
    Double logLikelihood,
    EarlyStop stoppedEarly) {
  private static final String FILE = "history.json";

  public History {
    devices = List.copyOf(devices);
    epochs = List.copyOf(epochs);
  }

  /** Where the time of all averaging rounds went; all 0 under the stock master. */
  public RoundTime time() {
    return epochs.stream()
        .map(EpochRecord::time)
        .filter(Objects::nonNull)
        .reduce(RoundTime.ZERO, RoundTime::plus);
  }

  /** The last epoch. */
  public EpochRecord last() {
    return epochs.get(epochs.size() - 1);
  }

  /**
   * Why the training of the model in a folder stopped early, if it did and its history tells.
   *
   * @throws InvalidInputException when the history is damaged
   */
  public static Optional<String> stopReason(FileSystem files, Path folder) throws IOException {
    var path = new Path(folder, FILE);
    if (!files.exists(path)) {
      return Optional.empty();
    }
    try (var in = files.open(path)) {
      JsonNode reason = Json.METRICS.readTree(in).at("/stopped_early/reason");
      return reason.isTextual() ? Optional.of(reason.asText()) : Optional.empty();
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "%s: damaged: %s".formatted(path, e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  /** Writes {@code history.json} into a model's folder. */
  public void write(FileSystem files, Path folder) throws IOException {
    try (var out = files.create(new Path(folder, FILE), false)) {
      out.write(Json.METRICS.writeValueAsBytes(this));
    }
  }
}
