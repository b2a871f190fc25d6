package io.latentlake.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.latentlake.data.FileSystems;
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

  /** Parts that there is nothing to say about are left out, and what follows from others is in. */
  private static final JsonMapper READER =
      Json.METRICS
          .rebuild()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  public History {
    // Those of the first versions don't tell.
    devices = devices == null ? List.of() : List.copyOf(devices);
    epochs = List.copyOf(epochs);
  }

  /** Where the time of all averaging rounds went; all 0 under the stock master. */
  public RoundTime time() {
    return epochs.stream()
        .map(EpochRecord::time)
        .filter(Objects::nonNull)
        .reduce(RoundTime.ZERO, RoundTime::plus);
  }

  /** What training took, over all epochs, without validation. */
  public double seconds() {
    return epochs.stream().mapToDouble(EpochRecord::seconds).sum();
  }

  /**
   * Rows trained on a second, over all epochs; 0 where the first one diverged.
   *
   * @param rows of an epoch
   */
  public double rowsPerSecond(long rows) {
    return seconds() == 0 ? 0 : rows * epochs.size() / seconds();
  }

  /** Whether each epoch has a loss of validation rows. */
  public boolean isValidated() {
    return epochs.stream().allMatch(epoch -> epoch.validation() != null);
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
    return tree(files, folder)
        .map(json -> json.at("/stopped_early/reason"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText);
  }

  /**
   * The history of the model in a folder, if it is there.
   *
   * @throws InvalidInputException when it is damaged
   */
  public static Optional<History> read(FileSystem files, Path folder) throws IOException {
    Optional<JsonNode> json = tree(files, folder);
    try {
      return json.isPresent()
          ? Optional.of(READER.treeToValue(json.get(), History.class))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      throw damaged(new Path(folder, FILE), e);
    }
  }

  private static Optional<JsonNode> tree(FileSystem files, Path folder) throws IOException {
    var path = new Path(folder, FILE);
    if (!files.exists(path)) {
      return Optional.empty();
    }
    try {
      return Optional.of(READER.readTree(FileSystems.whole(files, path)));
    } catch (JsonProcessingException e) {
      throw damaged(path, e);
    }
  }

  private static InvalidInputException damaged(Path path, JsonProcessingException e) {
    return new InvalidInputException(
        "%s: damaged: %s".formatted(path, e.getOriginalMessage().lines().findFirst().orElse("")),
        e);
  }

  /** Writes {@code history.json} into a model's folder. */
  public void write(FileSystem files, Path folder) throws IOException {
    try (var out = files.create(new Path(folder, FILE), false)) {
      out.write(Json.METRICS.writeValueAsBytes(this));
    }
  }
}
