package io.latentlake.nn;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * x real, the decoder gives the mean m and a raw log-variance r of each feature, {@code [batch,
 * 2·features]}: −log p = ½ Σ (x − m)² e^{−s} + s + log 2π (Kingma and Welling, arXiv 1312.6114,
 * appendix C.2). A constant feature would drive s to −∞ and the density to +∞, so s = −{@value
 * #FLOOR} + softplus(r + {@value #FLOOR}) is bounded smoothly from below (Rybkin, Daniilidis and
 * Levine, arXiv 2006.13202, section 3).
 */
public class LearnedVarianceGaussianLikelihood extends Likelihood {
  private static final long serialVersionUID = 1L;

  /** −s is at most this. */
  public static final double FLOOR = 12;

  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  @Override
  public LikelihoodSpec spec() {
    return LikelihoodSpec.of(Family.GAUSSIAN_LEARNED_VARIANCE);
  }

  @Override
  public int outputs(int features) {
    return 2 * features;
  }

  @Override
  public INDArray features(INDArray output, INDArray x) {
    INDArray logVariance = logVariance(output);
    // Scaled before it is squared: a large residual of a large variance stays finite.
    INDArray scaled = half(output, 0).sub(x).muli(Transforms.exp(logVariance.mul(-0.5), false));
    return scaled.muli(scaled).addi(logVariance).addi(LOG_TWO_PI).muli(0.5);
  }

  /** ½(s + log 2π): the variance stays what the decoder says. */
  @Override
  public INDArray saturated(INDArray output, INDArray x) {
    return logVariance(output).addi(LOG_TWO_PI).muli(0.5);
  }

  /** ½: a squared residual is expected to be the variance. */
  @Override
  public INDArray expectedDeviance(INDArray output) {
    return Nd4j.valueArrayOf(half(output, 0).shape(), 0.5, output.dataType());
  }

  /** dm = (m − x)e^{−s}; dr = ½(1 − (x − m)²e^{−s}) · sigmoid(r + floor). */
  @Override
  public INDArray gradient(INDArray output, INDArray x) {
    INDArray precision = Transforms.exp(logVariance(output).negi(), false);
    INDArray residual = half(output, 0).sub(x);
    INDArray scaled = residual.mul(precision);
    INDArray slope = Transforms.sigmoid(half(output, 1).add(FLOOR), false);
    INDArray gradient = Nd4j.createUninitialized(output.dataType(), output.shape(), 'c');
    half(gradient, 0).assign(scaled);
    half(gradient, 1).assign(residual.muli(scaled).rsubi(1).muli(0.5).muli(slope));
    return gradient;
  }

  @Override
  public INDArray mean(INDArray output) {
    return half(output, 0).dup('c');
  }

  /** The mean is the first half; the variance has no part in it. */
  @Override
  public INDArray meanGradient(INDArray output, INDArray gradient) {
    return Nd4j.concat(1, gradient, Nd4j.zerosLike(gradient)).dup('c');
  }

  private static INDArray logVariance(INDArray output) {
    return SoftPlus.of(half(output, 1).add(FLOOR)).subi(FLOOR);
  }

  private static INDArray half(INDArray output, int which) {
    long features = output.size(1) / 2;
    return output.get(all(), interval(which * features, (which + 1) * features));
  }
}
