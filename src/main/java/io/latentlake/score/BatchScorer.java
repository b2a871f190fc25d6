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
  private final Measure measure;
  private final float[] measures;

  /**
   * A scorer with the model's measure.
   *
   * @throws io.latentlake.spec.InvalidInputException when the model can't be measured so
   */
  public BatchScorer(TrainedVae model) {
    this(model, Measure.of(model));
  }

  /**
   * A scorer with another measure.
   *
   * @param measure closed with this
   */
  BatchScorer(TrainedVae model, Measure measure) {
    this(model, measure, 0);
  }

  /**
   * A scorer that explains.
   *
   * @param features how many features are asked about: all, or none
   */
  BatchScorer(TrainedVae model, Measure measure, int features) {
    this.engine = model.engine();
    int latent = model.configuration().model().latent();
    this.scores = RowScores.allocate(engine.capacity(), latent, features);
    this.measure = measure;
    this.measures = new float[engine.capacity()];
  }

  /** Rows a batch. */
  public int capacity() {
    return engine.capacity();
  }

  /** Where the caller puts the features of up to {@link #capacity()} rows. */
  public float[] staging() {
    return engine.staging();
  }

  /**
   * Scores the staged rows; the result is written again by the next call.
   *
   * @param rows how many there are
   */
  public RowScores score(int rows) {
    engine.score(scores);
    measure.measure(rows, engine.staging(), scores, measures);
    return scores;
  }

  /** What the last batch's anomaly scores are the ranks of, {@code [capacity]}. */
  public float[] measures() {
    return measures;
  }

  @Override
  public void close() {
    measure.close();
    engine.releaseThread();
    engine.close();
  }
}
