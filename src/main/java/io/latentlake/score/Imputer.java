package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import io.latentlake.nn.BatchBuffer;
import io.latentlake.nn.PosteriorMode;
import io.latentlake.nn.VaeNetwork;

/**
 * Fills in missing features with what the model expects there, given the others; see {@link
 * PosteriorMode}. Owns the network of one thread.
 */
public final class Imputer implements AutoCloseable {
  /** Samples of the prior whose mean is what missing features start from. */
  private static final int NEUTRAL_SAMPLES = 256;

  private final VaeNetwork network;
  private final PosteriorMode mode;
  private final BatchBuffer rows;
  private final BatchBuffer observed;
  private final float[] neutral;
  private final int rounds;

  /**
   * An imputer of batches of the model's size.
   *
   * @param rounds how often latents and missing features take turns
   * @throws io.latentlake.spec.InvalidInputException when the model's latents are categories
   */
  public Imputer(TrainedVae model, int rounds) {
    int width = model.features().width();
    int capacity = model.configuration().score().batchSize();
    this.rounds = rounds;
    this.neutral = neutral(model);
    this.network = model.network();
    this.mode = new PosteriorMode(network);
    this.rows = new BatchBuffer(capacity, width);
    this.observed = new BatchBuffer(capacity, width);
  }

  /** What the model expects of a row that nothing is known of. */
  private static float[] neutral(TrainedVae model) {
    var mean = new float[model.features().width()];
    try (var generator = new Generator(model)) {
      for (float[] sample : generator.generate(NEUTRAL_SAMPLES, 0)) {
        for (int i = 0; i < mean.length; i++) {
          mean[i] += sample[i] / NEUTRAL_SAMPLES;
        }
      }
    }
    return mean;
  }

  /** Rows a batch. */
  public int capacity() {
    return rows.capacity();
  }

  /**
   * What the model expects of all features of a batch.
   *
   * @param x {@code [capacity, features]}; what missing features have doesn't matter
   * @param missing which features are, likewise
   * @return E[x | z], likewise
   */
  public float[] expected(float[] x, boolean[] missing) {
    for (int i = 0; i < x.length; i++) {
      rows.staging()[i] = missing[i] ? neutral[i % neutral.length] : x[i];
      observed.staging()[i] = missing[i] ? 0 : 1;
    }
    return mode.expected(rows.rows(capacity()), observed.rows(capacity()), rounds);
  }

  @Override
  public void close() {
    rows.close();
    observed.close();
    network.close();
  }
}
