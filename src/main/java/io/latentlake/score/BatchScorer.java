package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import io.latentlake.nn.RowScores;
import io.latentlake.nn.VaeEngine;

/**
 * Scores batches at z = μ(x). Every batch is filled up to the same size, so that a row's scores
 * don't depend on how many rows it happens to share a batch with. Owns the network and the native
 * memory of one task; not safe for use by two threads at once.
 */
public final class BatchScorer implements AutoCloseable {
  private final VaeEngine engine;
  private final RowScores scores;

  public BatchScorer(TrainedVae model) {
    this.engine = model.engine();
    this.scores = RowScores.allocate(engine.capacity(), model.configuration().model().latent());
  }

  /** Rows a batch. */
  public int capacity() {
    return engine.capacity();
  }

  /** Where the caller puts the features of up to {@link #capacity()} rows. */
  public float[] staging() {
    return engine.staging();
  }

  /** Scores the staged rows; the result is written again by the next call. */
  public RowScores score() {
    engine.score(scores);
    return scores;
  }

  @Override
  public void close() {
    engine.releaseThread();
    engine.close();
  }
}
