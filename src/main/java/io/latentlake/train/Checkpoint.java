package io.latentlake.train;

import io.latentlake.data.FeaturePlan;
import io.latentlake.model.FileEntry;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.SealedFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.VaeSpec;
import io.latentlake.variant.Variants;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * A training that was written down: {@code checkpoint.json}, {@code weights.f32}, {@code
 * updater.f32} and {@code velocity.f32} (little-endian float32; the updater's state and the outer
 * momentum's velocity may be empty) and {@code checkpoint.json.sha256}.
 */
public final class Checkpoint {
  static final String DOCUMENT = "checkpoint.json";
  private static final String WEIGHTS = "weights.f32";
  private static final String UPDATER = "updater.f32";
  private static final String VELOCITY = "velocity.f32";

  /** Numbers that an updater keeps for a weight at most: Adam's two moments. */
  private static final int MOST_MOMENTS = 2;

  private final String path;
  private final CheckpointDocument document;
  private final AveragingState state;

  private Checkpoint(String path, CheckpointDocument document, AveragingState state) {
    this.path = path;
    this.document = document;
    this.state = state;
  }

  /**
   * Writes one into a folder that exists.
   *
   * @param document its files aren't known yet
   */
  static void write(SealedFolder folder, CheckpointDocument document, AveragingState state)
      throws IOException {
    var files = new TreeMap<String, FileEntry>();
    files.put(WEIGHTS, folder.write(WEIGHTS, state.replicas().parameters()));
    files.put(UPDATER, folder.write(UPDATER, state.replicas().updaterState()));
    files.put(VELOCITY, folder.write(VELOCITY, state.velocity()));
    folder.seal(document.with(files).bytes());
  }

  /**
   * Reads its numbers, which are checked against what the document says and the network needs.
   *
   * @param path its folder's
   * @throws InvalidInputException when a file is missing, damaged or of another size
   */
  static Checkpoint read(String path, SealedFolder folder, CheckpointDocument document)
      throws IOException {
    Map<String, FileEntry> files = document.files();
    long weights = weights(document);
    requireAtMost(UPDATER, files.get(UPDATER), MOST_MOMENTS * weights);
    requireAtMost(VELOCITY, files.get(VELOCITY), weights);
    float[] parameters = folder.numbers(WEIGHTS, files.get(WEIGHTS));
    folder.requireWeights(WEIGHTS, parameters.length, weights);
    float[] updater = folder.numbers(UPDATER, files.get(UPDATER));
    float[] velocity = folder.numbers(VELOCITY, files.get(VELOCITY));
    var state =
        new AveragingState(
            new ReplicaState(parameters, updater, document.iteration()),
            velocity,
            document.frequency(),
            document.epoch(),
            document.trend());
    return new Checkpoint(path, document, state);
  }

  private static long weights(CheckpointDocument document) {
    FeaturePlan features = document.plan();
    VaeSpec model = document.request().model();
    return Variants.parameterCount(
        model.withLikelihood(features.likelihood(model.likelihood())), features.shape());
  }

  private static void requireAtMost(String name, FileEntry entry, long count) {
    if (entry != null && entry.bytes() > count * Float.BYTES) {
      throw new InvalidInputException(
          "%s: %d bytes, but the network in %s needs %d at most; the files don't belong together"
              .formatted(name, entry.bytes(), DOCUMENT, count * Float.BYTES));
    }
  }

  CheckpointDocument document() {
    return document;
  }

  AveragingState state() {
    return state;
  }

  /** Its folder. */
  public String path() {
    return path;
  }

  /** What its training's features are made of: not to be learned again of a table. */
  public FeaturePlan features() {
    return document.plan();
  }

  /** Averaging rounds before it. */
  public long rounds() {
    return state.trend().rounds();
  }

  /** The epoch that goes on, or would if there were one more, counted from 1. */
  public int epoch() {
    return state.epoch().epoch();
  }

  /** Whether all epochs are done. */
  public boolean isComplete() {
    return epoch() > document.request().train().epochs();
  }

  /** Whether a model has the weights that its training ended with. */
  public boolean isOf(TrainedVae model) {
    return isComplete()
        && ModelFolder.checksum(model).equals(document.files().get(WEIGHTS).sha256());
  }

  /**
   * That a table is the one that the training was begun with.
   *
   * @return whether its rows come in the same order, too
   * @throws InvalidInputException naming both
   */
  boolean requireTable(TableFingerprint now) {
    TableFingerprint before = document.table();
    if (!before.hasRowsOf(now)) {
      throw new InvalidInputException(
          "%s: was begun on other rows: %s, now %s; give that table (--version-as-of for one that keeps versions), or begin anew in another --checkpoint folder"
              .formatted(path, before, now));
    }
    return before.order() == now.order();
  }
}
