package io.latentlake.score;

import io.latentlake.data.Binarization;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.BatchBuffer;
import io.latentlake.nn.LogLikelihood;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.InvalidInputException;

/**
 * Measures log p(x) of batches. What is drawn for a row follows from its features, so its result
 * doesn't depend on where it stands. Owns the network and the native memory of one task; not safe
 * for use by two threads at once.
 */
public final class LikelihoodScorer implements AutoCloseable {
  /** Tells what a row is binarized to from the samples that are drawn for it. */
  private static final long BINARY = 1;

  private final VaeNetwork network;
  private final BatchBuffer batch;
  private final LogLikelihood logLikelihood;
  private final int width;
  private final int features;
  private final boolean binarizing;

  /**
   * A scorer.
   *
   * @param samples importance samples a row
   * @param binarizing whether a row's features are the probabilities of the ones that are drawn in
   *     their place
   * @throws InvalidInputException when the model's q(z|x) has no density
   */
  public LikelihoodScorer(TrainedVae model, int samples, boolean binarizing) {
    requireDensity(model);
    this.binarizing = binarizing;
    this.network = model.network();
    this.width = model.features().width();
    this.features = model.features().shape().features();
    this.batch = new BatchBuffer(model.configuration().score().batchSize(), width);
    this.logLikelihood = new LogLikelihood(network, samples);
  }

  /** Refuses models that have no log-likelihood. */
  static void requireDensity(TrainedVae model) {
    String variant = model.configuration().model().variant();
    if (variant.equals("autoencoder")) {
      throw new InvalidInputException(
          "model.variant = %s: it has no distribution over z, and so no log-likelihood; use its reconstruction_error, or train a vae"
              .formatted(variant));
    }
  }

  /** Rows a batch. */
  public int capacity() {
    return batch.capacity();
  }

  /** Where the caller puts the features of up to {@link #capacity()} rows. */
  public float[] staging() {
    return batch.staging();
  }

  /**
   * log p(x) of the first staged rows, nats, {@code [rows]}.
   *
   * @param rows at most {@link #capacity()}
   */
  public double[] score(int rows) {
    long[] seeds = RowSeeds.of(batch.staging(), rows, width);
    for (int row = 0; row < rows && binarizing; row++) {
      Binarization.draw(batch.staging(), row * width, features, Noise.seed(seeds[row], BINARY));
    }
    return logLikelihood.rows(batch.rows(rows), seeds);
  }

  @Override
  public void close() {
    VaeNetwork.releaseThread();
    batch.close();
    network.close();
  }
}
