package io.latentlake.nn;

import io.latentlake.spec.LikelihoodSpec;
import org.nd4j.linalg.api.ndarray.INDArray;

/** p(x | z) as the decoder's outputs describe it: −log p in nats a row, its gradient, its mean. */
public abstract class Likelihood extends RowLoss {
  private static final long serialVersionUID = 1L;

  /** The likelihood that a specification asks for. */
  public static Likelihood of(LikelihoodSpec spec) {
    return switch (spec.family()) {
      case BERNOULLI -> new BernoulliLikelihood();
      case GAUSSIAN -> new GaussianLikelihood(spec.variance());
      case GAUSSIAN_LEARNED_VARIANCE -> new LearnedVarianceGaussianLikelihood();
    };
  }

  /** How many outputs the decoder gives for so many features. */
  public abstract int outputs(int features);

  /**
   * E[x | z], the reconstruction.
   *
   * @param output the decoder's, {@code [batch, outputs(features)]}
   * @return {@code [batch, features]}
   */
  public abstract INDArray mean(INDArray output);

  /**
   * The gradient of a function of {@link #mean}, carried on to the decoder's outputs.
   *
   * @param gradient with respect to the mean, {@code [batch, features]}
   * @return {@code [batch, outputs(features)]}, a new array
   * @throws UnsupportedOperationException where nothing has asked for it yet
   */
  public INDArray meanGradient(INDArray output, INDArray gradient) {
    throw new UnsupportedOperationException(name() + " has no gradient of its mean");
  }
}
