package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A likelihood of rows that have a condition behind their features: it looks at the features alone.
 */
public class LikelihoodOfFeatures extends LikelihoodAround {
  private static final long serialVersionUID = 1L;

  private final int features;

  public LikelihoodOfFeatures(
      @JsonProperty("likelihood") Likelihood likelihood, @JsonProperty("features") int features) {
    super(likelihood);
    this.features = features;
  }

  public int getFeatures() {
    return features;
  }

  private INDArray featuresOf(INDArray x) {
    return x.get(all(), interval(0, features));
  }

  @Override
  public INDArray features(INDArray output, INDArray x) {
    return super.features(output, featuresOf(x));
  }

  @Override
  public INDArray saturated(INDArray output, INDArray x) {
    return super.saturated(output, featuresOf(x));
  }

  @Override
  public INDArray gradient(INDArray output, INDArray x) {
    return super.gradient(output, featuresOf(x));
  }

  @Override
  public INDArray expectedDeviance(INDArray output, INDArray x) {
    return super.expectedDeviance(output, featuresOf(x));
  }

  @Override
  public INDArray residual(INDArray output, INDArray x) {
    return super.residual(output, featuresOf(x));
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((LikelihoodOfFeatures) other).features == features;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + features;
  }
}
