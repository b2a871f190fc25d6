package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import io.latentlake.nn.Prior;
import io.latentlake.nn.VaeNetwork;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Makes rows with a model, on this machine; for a few at a time. */
public final class Generator implements AutoCloseable {
  private final VaeNetwork network;

  public Generator(TrainedVae model) {
    this.network = model.network();
  }

  /**
   * E[x | z] at z = μ(x).
   *
   * @param x {@code [rows][features + condition]}
   * @return {@code [rows][features]}
   */
  public float[][] reconstruct(float[][] x) {
    try (INDArray rows = Nd4j.create(x);
        MemoryWorkspace scope = network.scope()) {
      INDArray z = network.posterior().mean(network.encode(rows));
      return decode(z, network.condition(rows));
    }
  }

  /**
   * E[x | z] for z ~ p(z).
   *
   * @param seed same seed, same rows
   * @return {@code [count][features]}
   * @throws io.latentlake.spec.InvalidInputException when the model wants a condition
   */
  public float[][] generate(int count, long seed) {
    return generate(count, seed, new float[0]);
  }

  /**
   * E[x | z, c] for z ~ p(z).
   *
   * @param seed same seed, same z
   * @param condition c, of every row; empty for a model that takes none
   * @return {@code [count][features]}
   * @throws io.latentlake.spec.InvalidInputException when the condition is of another width
   */
  public float[][] generate(int count, long seed, float[] condition) {
    Prior prior = network.prior();
    try (MemoryWorkspace scope = network.scope()) {
      return decode(prior.sample(count, network.latent(), seed), condition);
    }
  }

  /**
   * z ~ p(z).
   *
   * @param seed same seed, same latents
   * @return {@code [count][latent]}
   */
  public float[][] sample(int count, long seed) {
    Prior prior = network.prior();
    try (MemoryWorkspace scope = network.scope()) {
      return matrix(prior.sample(count, network.latent(), seed));
    }
  }

  /**
   * μ(x).
   *
   * @param x {@code [rows][features + condition]}
   * @return {@code [rows][latent]}
   */
  public float[][] encode(float[][] x) {
    try (INDArray rows = Nd4j.create(x);
        MemoryWorkspace scope = network.scope()) {
      return matrix(network.posterior().mean(network.encode(rows)));
    }
  }

  /**
   * E[x | z].
   *
   * @param z {@code [rows][latent]}
   * @return {@code [rows][features]}
   */
  public float[][] decode(float[][] z) {
    return decode(z, new float[0]);
  }

  /**
   * E[x | z, c].
   *
   * @param z {@code [rows][latent]}
   * @param condition c, of every row; empty for a model that takes none
   * @return {@code [rows][features]}
   * @throws io.latentlake.spec.InvalidInputException when the condition is of another width
   */
  public float[][] decode(float[][] z, float[] condition) {
    try (INDArray rows = Nd4j.create(z);
        MemoryWorkspace scope = network.scope()) {
      return decode(rows, condition);
    }
  }

  /**
   * −log p(x | z).
   *
   * @param x {@code [rows][features + condition]}
   * @param z {@code [rows][latent]}
   * @return {@code [rows]}, nats
   */
  public float[] reconstructionErrors(float[][] x, float[][] z) {
    try (INDArray rows = Nd4j.create(x);
        INDArray latents = Nd4j.create(z);
        MemoryWorkspace scope = network.scope()) {
      INDArray output = network.decode(latents, network.condition(rows));
      return network.likelihood().rows(output, rows).toFloatVector();
    }
  }

  /**
   * KL(q(z|x) ‖ N(0, I)) of each latent dimension, summed over the rows.
   *
   * @param x {@code [rows][features + condition]}
   * @return {@code [latent]}, nats; all 0 where q(z|x) isn't Gaussian
   */
  public double[] divergences(float[][] x) {
    try (INDArray rows = Nd4j.create(x);
        MemoryWorkspace scope = network.scope()) {
      return network
          .divergences(rows)
          .map(nats -> nats.sum(0).toDoubleVector())
          .orElseGet(() -> new double[network.latent()]);
    }
  }

  private float[][] decode(INDArray z, float[] condition) {
    INDArray given =
        condition.length == 0
            ? Nd4j.empty(DataType.FLOAT)
            : Nd4j.createFromArray(condition)
                .reshape(1, condition.length)
                .repeat(0, Math.toIntExact(z.size(0)));
    return decode(z, given);
  }

  private float[][] decode(INDArray z, INDArray condition) {
    return matrix(network.likelihood().mean(network.decode(z, condition)));
  }

  /** Not toFloatMatrix(), which makes an array of its own, natively, for every row. */
  private static float[][] matrix(INDArray array) {
    int columns = Math.toIntExact(array.size(1));
    float[] flat = array.reshape(array.length()).toFloatVector();
    var rows = new float[Math.toIntExact(array.size(0))][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(flat, row * columns, (row + 1) * columns);
    }
    return rows;
  }

  @Override
  public void close() {
    network.close();
  }
}
