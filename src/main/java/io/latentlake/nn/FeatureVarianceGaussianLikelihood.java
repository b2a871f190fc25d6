package io.latentlake.nn;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;

/**
 * {@link LearnedVarianceGaussianLikelihood} whose raw log-variances are the same for every row: a
 * noise level of each feature, learned with the weights (σ-VAE: Rybkin, Daniilidis and Levine,
 * arXiv 2006.13202, section 3).
 */
public class FeatureVarianceGaussianLikelihood extends LearnedVarianceGaussianLikelihood {
  private static final long serialVersionUID = 1L;

  @Override
  public LikelihoodSpec spec() {
    return LikelihoodSpec.of(Family.GAUSSIAN_FEATURE_VARIANCE);
  }

  @Override
  public int sharedOutputs(int features) {
    return features;
  }
}
