package io.latentlake.nn;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** E[x|z] of the decoder's outputs: what a discriminator of data can look at. */
public class LikelihoodMean extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  private final Likelihood likelihood;

  public LikelihoodMean(@JsonProperty("likelihood") Likelihood likelihood) {
    this.likelihood = likelihood;
  }

  public Likelihood getLikelihood() {
    return likelihood;
  }

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    return likelihood.mean(inputs[0]);
  }

  @Override
  protected INDArray[] backward(
      INDArray[] inputs, INDArray output, INDArray gradient, Context context) {
    return new INDArray[] {likelihood.meanGradient(inputs[0], gradient)};
  }

  /** Only what the graph's configuration can know: as wide as its input, or narrower. */
  @Override
  protected long width(long[] inputs) {
    return inputs[0];
  }

  @Override
  protected List<Object> settings() {
    return List.of(likelihood);
  }
}
