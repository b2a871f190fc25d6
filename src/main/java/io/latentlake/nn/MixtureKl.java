package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A bound from above on KL(q(z|x) ‖ p(z)) for a prior that is a mixture of K equally probable
 * Gaussians, in nats a row: log K − log Σₖ exp(−KL(q ‖ pₖ)) (Hershey and Olsen, ICASSP 2007,
 * section 7, for a single q). It has no noise, and −ELBO with it is a bound as well.
 *
 * <p>The components lie under the batch's posteriors: {@code [batch + K, 2·latent]}.
 */
public class MixtureKl extends RowLoss {
  private static final long serialVersionUID = 1L;

  private final int components;

  public MixtureKl(@JsonProperty("components") int components) {
    this.components = components;
  }

  public int getComponents() {
    return components;
  }

  /** Means and variances of one of the two parts. */
  private record Gaussians(INDArray mean, INDArray variance, INDArray logVariance) {
    static Gaussians of(INDArray stacked, long from, long to) {
      INDArray part = stacked.get(interval(from, to), all());
      INDArray logVariance = GaussianPosterior.logVariance(part).dup('c');
      return new Gaussians(
          GaussianPosterior.mean(part).dup('c'), Transforms.exp(logVariance, true), logVariance);
    }

    /** E[z²], {@code [rows, latent]}. */
    INDArray secondMoment() {
      return mean.mul(mean).addi(variance);
    }
  }

  private Gaussians posteriors(INDArray stacked) {
    return Gaussians.of(stacked, 0, stacked.size(0) - components);
  }

  private Gaussians priors(INDArray stacked) {
    return Gaussians.of(stacked, stacked.size(0) - components, stacked.size(0));
  }

  /** −KL(q ‖ pₖ), {@code [batch, K]}. */
  private static INDArray negativeKl(Gaussians q, Gaussians p) {
    INDArray precision = p.variance.rdiv(1); // [K, latent]
    INDArray weighted = p.mean.mul(precision);
    INDArray kl =
        q.secondMoment()
            .mmul(precision.transpose())
            .subi(q.mean.mmul(weighted.transpose()).muli(2));
    INDArray ofPrior = weighted.mul(p.mean).addi(p.logVariance).sum(1).reshape(1, -1);
    INDArray ofPosterior = q.logVariance.add(1).sum(1).reshape(-1, 1);
    return kl.addiRowVector(ofPrior).subiColumnVector(ofPosterior).muli(-0.5);
  }

  @Override
  public INDArray rows(INDArray stacked, INDArray x) {
    INDArray negative = negativeKl(posteriors(stacked), priors(stacked));
    return LogSumExp.ofRows(negative).negi().addi(Math.log(components));
  }

  /** Each component counts by its responsibility rₖ ∝ exp(−KL(q ‖ pₖ)). */
  @Override
  public INDArray gradient(INDArray stacked, INDArray x) {
    Gaussians q = posteriors(stacked);
    Gaussians p = priors(stacked);
    INDArray precision = p.variance.rdiv(1); // [K, latent]
    INDArray r = LogSumExp.softmax(negativeKl(q, p)); // [batch, K]
    INDArray pull = r.mmul(precision); // [batch, latent]
    INDArray result = Nd4j.createUninitialized(stacked.dataType(), stacked.shape(), 'c');
    long batch = q.mean.size(0);

    INDArray upper = result.get(interval(0, batch), all());
    GaussianPosterior.mean(upper).assign(q.mean.mul(pull).subi(r.mmul(p.mean.mul(precision))));
    GaussianPosterior.logVariance(upper).assign(q.variance.mul(pull).subi(1).muli(0.5));

    INDArray share = r.sum(0).reshape(-1, 1); // [K, 1]
    INDArray means = r.transpose().mmul(q.mean); // [K, latent]
    INDArray moments = r.transpose().mmul(q.secondMoment());
    INDArray lower = result.get(interval(batch, stacked.size(0)), all());
    GaussianPosterior.mean(lower).assign(p.mean.mulColumnVector(share).subi(means).muli(precision));
    INDArray spread =
        moments
            .subi(means.mul(p.mean).muli(2))
            .addi(p.mean.mul(p.mean).muliColumnVector(share))
            .muli(precision);
    GaussianPosterior.logVariance(lower)
        .assign(spread.rsubi(share.broadcast(spread.shape())).muli(0.5));
    return result;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((MixtureKl) other).components == components;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + components;
  }
}
