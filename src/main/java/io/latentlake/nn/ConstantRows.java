package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Puts the components of a fixed mixture under a batch of posteriors, as {@link MixtureKl} wants
 * them: {@code [batch, 2·latent]} to {@code [batch + components, 2·latent]}.
 */
public class ConstantRows extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  private final GaussianMixture mixture;

  public ConstantRows(@JsonProperty("mixture") GaussianMixture mixture) {
    this.mixture = mixture;
  }

  public GaussianMixture getMixture() {
    return mixture;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    INDArray components =
        Nd4j.concat(1, Nd4j.create(mixture.means()), Nd4j.create(mixture.logVariances()));
    return Nd4j.concat(0, inputs[0], components.castTo(inputs[0].dataType()));
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
    return List.of(mixture);
  }
}
