package io.latentlake.nn;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * x real, the decoder gives the mean m, the variance σ² is fixed: −log p = ½ Σ (x − m)²/σ² +
 * log(2πσ²) (Kingma and Welling, arXiv 1312.6114, appendix C.2).
 */
public class GaussianLikelihood extends Likelihood {
  private static final long serialVersionUID = 1L;

  private final double variance;

  public GaussianLikelihood(@JsonProperty("variance") double variance) {
    this.variance = variance;
  }

  /** σ² of every feature. */
  public double getVariance() {
    return variance;
  }

  @Override
  public LikelihoodSpec spec() {
    return new LikelihoodSpec(Family.GAUSSIAN, variance);
  }

  @Override
  public int outputs(int features) {
    return features;
  }

  @Override
  public INDArray features(INDArray mean, INDArray x) {
    INDArray residual = mean.sub(x);
    return residual.muli(residual).divi(2 * variance).addi(normalizer());
  }

  private double normalizer() {
    return 0.5 * Math.log(2 * Math.PI * variance);
  }

  @Override
  public INDArray saturated(INDArray mean, INDArray x) {
    return Nd4j.valueArrayOf(x.shape(), normalizer(), x.dataType());
  }

  /** ½: a squared residual is expected to be σ². */
  @Override
  public INDArray expectedDeviance(INDArray mean) {
    return Nd4j.valueArrayOf(mean.shape(), 0.5, mean.dataType());
  }

  /** (m − x)/σ². */
  @Override
  public INDArray gradient(INDArray mean, INDArray x) {
    return mean.sub(x).divi(variance);
  }

  @Override
  public INDArray mean(INDArray mean) {
    return mean.dup('c');
  }

  @Override
  public INDArray meanGradient(INDArray mean, INDArray gradient) {
    return gradient.dup('c');
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((GaussianLikelihood) other).variance == variance;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(variance);
  }
}
