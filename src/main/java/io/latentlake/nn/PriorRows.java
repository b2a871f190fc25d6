package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * In training puts as many draws from the prior under a batch of z: {@code [batch, latent]} to
 * {@code [2·batch, latent]}. Elsewhere it does nothing.
 */
public class PriorRows extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  /** Keeps these draws apart from those that the same seed gives the posterior. */
  private static final long STREAM = 0x7072696f72L;

  private final Prior prior;

  public PriorRows(@JsonProperty("prior") Prior prior) {
    this.prior = prior;
  }

  public Prior getPrior() {
    return prior;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    if (!context.training()) {
      return inputs[0];
    }
    INDArray z = inputs[0];
    long seed = Noise.seed(context.noiseSeed(), STREAM);
    INDArray drawn = prior.sample(Math.toIntExact(z.size(0)), Math.toIntExact(z.size(1)), seed);
    return Nd4j.concat(0, z, drawn.castTo(z.dataType()));
  }

  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    return new INDArray[] {gradient.get(interval(0, inputs[0].size(0)), all()).dup('c')};
  }

  @Override
  protected long width(long[] inputs) {
    return inputs[0];
  }

  @Override
  protected List<Object> settings() {
    return List.of(prior);
  }
}
