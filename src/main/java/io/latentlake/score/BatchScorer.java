package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import io.latentlake.nn.BatchBuffer;
import io.latentlake.nn.GaussianPosterior;
import io.latentlake.nn.VaeNetwork;
import java.util.Arrays;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Scores batches at z = μ(x). Every batch is filled up to the same size, so that a row's scores
 * don't depend on how many rows it happens to share a batch with. Owns the network and the native
 * memory of one task; not safe for use by two threads at once.
 */
public final class BatchScorer implements AutoCloseable {
  private final VaeNetwork network;
  private final BatchBuffer batch;

  public BatchScorer(TrainedVae model) {
    this.network = model.network();
    this.batch =
        new BatchBuffer(model.configuration().score().batchSize(), model.features().width());
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
   * A batch's scores; row i of each array belongs to row i of the batch, and rows that were not
   * staged mean nothing.
   *
   * @param reconstructionError −log p(x | z = μ(x)), nats
   * @param squaredError Σ(x − x̂)²
   * @param kl KL(q(z|x) ‖ p(z)), nats
   * @param latent μ(x), {@code [capacity, latent]}, row by row
   */
  public record Scores(
      float[] reconstructionError, float[] squaredError, float[] kl, float[] latent) {

    /** μ(x) of one row, {@code [latent]}. */
    float[] latentOf(int row) {
      int dimensions = latent.length / reconstructionError.length;
      return Arrays.copyOfRange(latent, row * dimensions, (row + 1) * dimensions);
    }
  }

  /** Scores the staged rows. */
  public Scores score() {
    INDArray x = batch.rows(capacity()); // [capacity, features]
    try (MemoryWorkspace scope = network.scope()) {
      INDArray posterior = network.encode(x); // [capacity, 2·latent]
      INDArray mean = GaussianPosterior.mean(posterior).dup('c');
      INDArray output = network.decode(mean); // [capacity, outputs]
      INDArray residual = network.likelihood().mean(output).subi(x);
      return new Scores(
          network.likelihood().rows(output, x).toFloatVector(),
          residual.muli(residual).sum(1).toFloatVector(),
          network.kl().rows(posterior, x).toFloatVector(),
          // Not toFloatMatrix(), which makes an array of its own, natively, for every row.
          mean.reshape(mean.length()).toFloatVector());
    }
  }

  @Override
  public void close() {
    batch.close();
    network.close();
  }
}
