package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import io.latentlake.nn.GaussianPosterior;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeNetwork;
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
   * @param x {@code [rows][features]}
   * @return {@code [rows][features]}
   */
  public float[][] reconstruct(float[][] x) {
    try (INDArray rows = Nd4j.create(x);
        MemoryWorkspace scope = network.scope()) {
      return decode(GaussianPosterior.mean(network.encode(rows)).dup('c'));
    }
  }

  /**
   * E[x | z] for z ~ N(0, I).
   *
   * @param seed same seed, same rows
   * @return {@code [count][features]}
   */
  public float[][] generate(int count, long seed) {
    try (MemoryWorkspace scope = network.scope()) {
      return decode(Noise.standardNormal(seed, count, network.latent(), DataType.FLOAT));
    }
  }

  private float[][] decode(INDArray z) {
    return network.likelihood().mean(network.decode(z)).toFloatMatrix();
  }

  @Override
  public void close() {
    network.close();
  }
}
