package io.latentlake.nn;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of the vertex that draws z = μ + σ⊙ε, ε ~ N(0, I), from the posterior's parameters:
 * {@code [batch, 2·latent]} (μ, then log σ²) to {@code [batch, latent]} (Kingma and Welling, arXiv
 * 1312.6114, section 2.4).
 */
public class Reparameterization extends GraphVertex {
  private static final long serialVersionUID = 1L;

  private final int latent;
  private final long seed;

  /**
   * Draws {@code latent} numbers a row.
   *
   * @param seed of ε where the trainer doesn't set one a batch
   */
  public Reparameterization(@JsonProperty("latent") int latent, @JsonProperty("seed") long seed) {
    this.latent = latent;
    this.seed = seed;
  }

  /** Dimension of z. */
  public int getLatent() {
    return latent;
  }

  /** Seed of ε where the trainer doesn't set one a batch. */
  public long getSeed() {
    return seed;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType dataType) {
    return new ReparameterizationVertex(graph, name, index, latent, seed, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    return InputType.feedForward(latent);
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    return new LayerMemoryReport.Builder(
            null, Reparameterization.class, inputs[0], getOutputType(0, inputs))
        .standardMemory(0, 0)
        .workingMemory(0, latent, 0, latent)
        .cacheMemory(0, 0)
        .build();
  }

  @Override
  public GraphVertex clone() {
    return new Reparameterization(latent, seed);
  }

  @Override
  public long numParams(boolean backprop) {
    return 0;
  }

  @Override
  public int minVertexInputs() {
    return 1;
  }

  @Override
  public int maxVertexInputs() {
    return 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Reparameterization that && that.latent == latent && that.seed == seed;
  }

  @Override
  public int hashCode() {
    return 31 * latent + Long.hashCode(seed);
  }
}
