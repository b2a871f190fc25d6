package io.latentlake.nn;

import io.latentlake.spec.LikelihoodSpec;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A likelihood around another, whose it is in all that isn't said otherwise. */
public abstract class LikelihoodAround extends Likelihood {
  private static final long serialVersionUID = 1L;

  private final Likelihood likelihood;

  LikelihoodAround(Likelihood likelihood) {
    this.likelihood = likelihood;
  }

  /** The one inside. */
  public final Likelihood getLikelihood() {
    return likelihood;
  }

  @Override
  public final LikelihoodSpec spec() {
    return likelihood.spec();
  }

  @Override
  public final int outputs(int features) {
    return likelihood.outputs(features);
  }

  @Override
  public final int sharedOutputs(int features) {
    return likelihood.sharedOutputs(features);
  }

  @Override
  public INDArray features(INDArray output, INDArray x) {
    return likelihood.features(output, x);
  }

  @Override
  public INDArray saturated(INDArray output, INDArray x) {
    return likelihood.saturated(output, x);
  }

  @Override
  public final INDArray expectedDeviance(INDArray output) {
    return likelihood.expectedDeviance(output);
  }

  @Override
  public INDArray expectedDeviance(INDArray output, INDArray x) {
    return likelihood.expectedDeviance(output, x);
  }

  @Override
  public INDArray residual(INDArray output, INDArray x) {
    return likelihood.residual(output, x);
  }

  @Override
  public INDArray gradient(INDArray output, INDArray x) {
    return likelihood.gradient(output, x);
  }

  @Override
  public final INDArray mean(INDArray output) {
    return likelihood.mean(output);
  }

  @Override
  public final INDArray meanGradient(INDArray output, INDArray gradient) {
    return likelihood.meanGradient(output, gradient);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((LikelihoodAround) other).likelihood.equals(likelihood);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + likelihood.hashCode();
  }
}
