package io.latentlake.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.latentlake.data.ColumnPlan;
import io.latentlake.data.Condition;
import io.latentlake.data.FeaturePlan;
import io.latentlake.model.FileEntry;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import io.latentlake.spec.TrainSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * {@code checkpoint.json}.
 *
 * @param format version of the layout
 * @param request what the training was asked for
 * @param resolved how each worker trains, with the rate of this try
 * @param features what a row's features are
 * @param condition what stands behind them
 * @param table what it is trained on
 * @param iteration steps taken by each worker, which schedules count
 * @param frequency minibatches between two averagings, settled
 * @param epoch how far the epoch has come
 * @param trend how the losses go
 * @param retries tries that diverged before this one
 * @param history the epochs that are done
 * @param files the folder's other files by name
 */
record CheckpointDocument(
    int format,
    TrainingRequest request,
    TrainSpec resolved,
    List<ColumnPlan> features,
    Condition condition,
    TableFingerprint table,
    int iteration,
    int frequency,
    PartialEpoch epoch,
    LossTrend trend,
    int retries,
    List<EpochRecord> history,
    Map<String, FileEntry> files) {

  /** The one layout there is. */
  static final int FORMAT = 1;

  /** Parts of a history that there is nothing to say about are left out. */
  private static final JsonMapper MAPPER =
      Json.MAPPER
          .rebuild()
          .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /**
   * Reads one.
   *
   * @throws JsonProcessingException when it is something else, or of another format
   */
  static CheckpointDocument read(byte[] json) throws IOException {
    return MAPPER.readValue(json, CheckpointDocument.class);
  }

  byte[] bytes() throws JsonProcessingException {
    return MAPPER.writeValueAsBytes(this);
  }

  CheckpointDocument {
    if (request == null
        || resolved == null
        || features == null
        || condition == null
        || table == null
        || epoch == null
        || trend == null
        || history == null
        || files == null) {
      throw new InvalidInputException("a part of the checkpoint is null");
    }
    if (format != FORMAT) {
      throw new InvalidInputException(
          "format %d, but this version of LatentLake reads format %d; use the one that wrote it"
              .formatted(format, FORMAT));
    }
    if (frequency < 1) {
      throw new InvalidInputException("frequency = %d: must be at least 1".formatted(frequency));
    }
    history = List.copyOf(history);
  }

  /** What its training's features are made of. */
  FeaturePlan plan() {
    return new FeaturePlan(features, condition);
  }

  /** The same with what is beside it. */
  CheckpointDocument with(Map<String, FileEntry> written) {
    return new CheckpointDocument(
        format, request, resolved, features, condition, table, iteration, frequency, epoch, trend,
        retries, history, written);
  }
}
