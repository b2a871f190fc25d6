package io.latentlake.nn;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Forward and backward pass of {@link Reparameterization}; at inference z = μ. */
@SuppressWarnings(
    "overrides") // DL4J's own setInputs: varargs in the interface, an array in the base class
public class ReparameterizationVertex extends BaseGraphVertex {
  private static final long serialVersionUID = 1L;

  private final int latent;
  private long noiseSeed;

  /** σ⊙ε of the last forward pass, {@code [batch, latent]}: z − μ. */
  private transient INDArray deviation;

  ReparameterizationVertex(
      ComputationGraph graph, String name, int index, int latent, long seed, DataType dataType) {
    super(graph, name, index, null, null, dataType);
    this.latent = latent;
    this.noiseSeed = seed;
  }

  int latent() {
    return latent;
  }

  /** Makes the next training pass draw the ε that belongs to this seed. */
  public void setNoiseSeed(long seed) {
    this.noiseSeed = seed;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray posterior = inputs[0]; // [batch, 2·latent]
    try (var scope = workspaces.notifyScopeBorrowed(ArrayType.ACTIVATIONS)) {
      INDArray mean = GaussianPosterior.mean(posterior);
      if (!training) {
        return mean.dup('c');
      }
      // The next batch draws afresh even when nobody sets a seed, as under dl4j-spark's own master.
      deviation = GaussianPosterior.deviation(posterior, noiseSeed++);
      return deviation.add(mean);
    }
  }

  /** dμ = dz; d log σ² = dz ⊙ σε / 2, since ∂(σε)/∂(log σ²) = σε/2. */
  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    INDArray gradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, dataType, new long[] {epsilon.size(0), 2L * latent}, 'c');
    GaussianPosterior.mean(gradient).assign(epsilon);
    GaussianPosterior.logVariance(gradient).assign(deviation.mul(0.5).muli(epsilon));
    return new Pair<>(null, new INDArray[] {gradient});
  }

  @Override
  public void clear() {
    super.clear();
    deviation = null;
  }

  @Override
  public boolean hasLayer() {
    return false;
  }

  @Override
  public Layer getLayer() {
    return null;
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray view) {
    if (view != null) {
      throw new IllegalArgumentException(vertexName + " has no parameters");
    }
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int batchSize) {
    return null;
  }

  @Override
  public String toString() {
    return "Reparameterization(" + vertexName + ", latent=" + latent + ")";
  }
}
