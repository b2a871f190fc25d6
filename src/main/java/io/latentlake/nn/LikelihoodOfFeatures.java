package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import io.latentlake.spec.LikelihoodSpec;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A likelihood of rows that have a condition behind their features: it looks at the features alone.
 */
public class LikelihoodOfFeatures extends Likelihood {
  private static final long serialVersionUID = 1L;

  private final Likelihood likelihood;
  private final int features;

  public LikelihoodOfFeatures(
      @JsonProperty("likelihood") Likelihood likelihood, @JsonProperty("features") int features) {
    this.likelihood = likelihood;
    this.features = features;
  }

  public Likelihood getLikelihood() {
    return likelihood;
  }

  public int getFeatures() {
    return features;
  }

  @Override
  public LikelihoodSpec spec() {
    return likelihood.spec();
  }

  private INDArray featuresOf(INDArray x) {
    return x.get(all(), interval(0, features));
  }

  @Override
  public int outputs(int count) {
    return likelihood.outputs(count);
  }

  @Override
  public int sharedOutputs(int count) {
    return likelihood.sharedOutputs(count);
  }

  @Override
  public INDArray features(INDArray output, INDArray x) {
    return likelihood.features(output, featuresOf(x));
  }

  @Override
  public INDArray saturated(INDArray output, INDArray x) {
    return likelihood.saturated(output, featuresOf(x));
  }

  @Override
  public INDArray expectedDeviance(INDArray output) {
    return likelihood.expectedDeviance(output);
  }

  @Override
  public INDArray gradient(INDArray output, INDArray x) {
    return likelihood.gradient(output, featuresOf(x));
  }

  @Override
  public INDArray expectedDeviance(INDArray output, INDArray x) {
    return likelihood.expectedDeviance(output, featuresOf(x));
  }

  @Override
  public INDArray residual(INDArray output, INDArray x) {
    return likelihood.residual(output, featuresOf(x));
  }

  @Override
  public INDArray mean(INDArray output) {
    return likelihood.mean(output);
  }

  @Override
  public INDArray meanGradient(INDArray output, INDArray gradient) {
    return likelihood.meanGradient(output, gradient);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && ((LikelihoodOfFeatures) other).likelihood.equals(likelihood)
        && ((LikelihoodOfFeatures) other).features == features;
  }

  @Override
  public int hashCode() {
    return 31 * likelihood.hashCode() + features;
  }
}
