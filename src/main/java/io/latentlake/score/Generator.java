package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import io.latentlake.nn.Prior;
import io.latentlake.nn.VaeNetwork;
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
      return decode(network.posterior().mean(network.encode(rows)));
    }
  }

  /**
   * E[x | z] for z ~ p(z).
   *
   * @param seed same seed, same rows
   * @return {@code [count][features]}
   */
  public float[][] generate(int count, long seed) {
    Prior prior = network.prior();
    try (MemoryWorkspace scope = network.scope()) {
      return decode(prior.sample(count, network.latent(), seed));
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
