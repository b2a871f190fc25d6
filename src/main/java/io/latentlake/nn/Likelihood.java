package io.latentlake.nn;

import io.latentlake.spec.LikelihoodSpec;
import org.nd4j.linalg.api.ndarray.INDArray;

/** p(x | z) as the decoder's outputs describe it: −log p in nats a row, its gradient, its mean. */
public abstract class Likelihood extends RowLoss {
  private static final long serialVersionUID = 1L;

  /** The likelihood that a specification asks for. */
  public static Likelihood of(LikelihoodSpec spec) {
    return switch (spec.family()) {
      case BERNOULLI, AUTO -> new BernoulliLikelihood();
      case CONTINUOUS_BERNOULLI -> new ContinuousBernoulliLikelihood();
      case GAUSSIAN -> new GaussianLikelihood(spec.variance());
      case GAUSSIAN_FEATURE_VARIANCE -> new FeatureVarianceGaussianLikelihood();
      case GAUSSIAN_LEARNED_VARIANCE -> new LearnedVarianceGaussianLikelihood();
      case LAPLACE -> new LaplaceLikelihood(spec.scale());
      case CATEGORICAL -> new CategoricalLikelihood();
      case MIXED -> new MixedLikelihood(spec);
    };
  }

  /** A specification that asks for this likelihood. */
  public abstract LikelihoodSpec spec();

  /**
   * How many numbers a row's likelihood is described by.
   *
   * @throws io.latentlake.spec.InvalidInputException when it isn't one for so many features
   */
  public abstract int outputs(int features);

  /**
   * How many of the outputs, the last ones, are the same for every row: learned by themselves, not
   * given by the decoder.
   */
  public int sharedOutputs(int features) {
    return 0;
  }

  /** How many of the outputs the decoder gives, the first ones. */
  public final int decodedOutputs(int features) {
    return outputs(features) - sharedOutputs(features);
  }

  /**
   * What each feature adds to −log p, in nats. A category is one event: its term stands in its
   * first column, and 0 in the others.
   *
   * @param output {@code [batch, outputs(features)]}
   * @param x {@code [batch, features]}
   * @return {@code [batch, features]}, a new array
   */
  public abstract INDArray features(INDArray output, INDArray x);

  /**
   * What each feature would add to −log p if the decoder gave the feature itself as its mean, and
   * nothing else were changed: a saturated model (McCullagh and Nelder, Generalized Linear Models,
   * section 2.3). What {@link #features} is above it is half the deviance.
   *
   * @return {@code [batch, features]}, a new array
   */
  public abstract INDArray saturated(INDArray output, INDArray x);

  /**
   * What {@link #features} less {@link #saturated} is to be expected for rows drawn from p(x|z).
   *
   * @return {@code [batch, features]}, a new array
   */
  public abstract INDArray expectedDeviance(INDArray output);

  /**
   * The same of those features alone that the rows have.
   *
   * @return {@code [batch, features]}, a new array
   */
  public INDArray expectedDeviance(INDArray output, INDArray x) {
    return expectedDeviance(output);
  }

  /**
   * How far the mean is from the rows, E[x | z] − x.
   *
   * @return {@code [batch, features]}, a new array
   */
  public INDArray residual(INDArray output, INDArray x) {
    return mean(output).subi(x);
  }

  /** Σ {@link #features}: given z the features are independent. */
  @Override
  public final INDArray rows(INDArray output, INDArray x) {
    return features(output, x).sum(1);
  }

  /**
   * E[x | z], the reconstruction.
   *
   * @param output {@code [batch, outputs(features)]}
   * @return {@code [batch, features]}
   */
  public abstract INDArray mean(INDArray output);

  /**
   * The gradient of a function of {@link #mean}, carried on to the decoder's outputs.
   *
   * @param gradient with respect to the mean, {@code [batch, features]}
   * @return {@code [batch, outputs(features)]}, a new array
   */
  public abstract INDArray meanGradient(INDArray output, INDArray gradient);
}
