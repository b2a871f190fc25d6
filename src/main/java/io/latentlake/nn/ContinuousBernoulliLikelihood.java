package io.latentlake.nn;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * x in [0, 1] with density C(λ) λˣ(1 − λ)¹⁻ˣ, the decoder gives the logits l of λ (Loaiza-Ganem and
 * Cunningham, arXiv 1907.06845). With 1 − 2λ = −tanh(l/2) its constant is C = l / tanh(l/2)
 * (equation 8), so that −log p = A(l) − x·l with A(l) = log((eˡ − 1)/l), and the mean is A′(l).
 *
 * <p>With a = |l|/2, A(l) = max(l, 0) + log((1 − e⁻²ᵃ)/2a) and A′(l) = ½ + ½ sign(l)(coth a − 1/a).
 * Near λ = ½ both are 0/0, so up to a = {@value #NEAR} Taylor's series takes their place, and the
 * closed form goes on from there.
 */
public class ContinuousBernoulliLikelihood extends Likelihood {
  private static final long serialVersionUID = 1L;

  /** Here the first neglected term of each series is below 1e-8. */
  private static final double NEAR = 0.25;

  @Override
  public LikelihoodSpec spec() {
    return LikelihoodSpec.of(Family.CONTINUOUS_BERNOULLI);
  }

  @Override
  public int outputs(int features) {
    return features;
  }

  @Override
  public INDArray features(INDArray logits, INDArray x) {
    INDArray positive = Transforms.relu(logits, true);
    return positive.addi(logRatio(half(logits))).subi(logits.mul(x));
  }

  /** The entropy of x alone: towards 0 and 1 the density grows without bound. */
  @Override
  public INDArray saturated(INDArray logits, INDArray x) {
    return Entropy.ofBernoulli(x);
  }

  /** 1: what is to be expected above that entropy has no closed form. */
  @Override
  public INDArray expectedDeviance(INDArray logits) {
    return Nd4j.onesLike(logits);
  }

  /** A′(l) − x. */
  @Override
  public INDArray gradient(INDArray logits, INDArray x) {
    return mean(logits).subi(x);
  }

  @Override
  public INDArray mean(INDArray logits) {
    INDArray slope = langevin(half(logits));
    return slope.muli(Transforms.sign(logits, true)).muli(0.5).addi(0.5);
  }

  /** The variance A″(l), ¼ of the Langevin function's slope at a, ⊙ gradient. */
  @Override
  public INDArray meanGradient(INDArray logits, INDArray gradient) {
    return langevinSlope(half(logits)).muli(0.25).muli(gradient);
  }

  /** |l|/2, row-major. */
  private static INDArray half(INDArray logits) {
    return Transforms.abs(logits.dup('c'), false).muli(0.5);
  }

  /** log((1 − e⁻²ᵃ)/2a) = −a + a²/6 − a⁴/180 + a⁶/2835 − a⁸/37800 …; the argument is lost. */
  private static INDArray logRatio(INDArray a) {
    INDArray far = Transforms.max(a, NEAR, true);
    INDArray numerator = Transforms.exp(far.mul(-2), false).rsubi(1);
    INDArray beyond = Transforms.log(numerator.divi(far.muli(2)), false);
    beyond.subi(Math.log(-Math.expm1(-2 * NEAR) / (2 * NEAR)));
    INDArray near = Transforms.min(a, NEAR, false);
    INDArray square = near.mul(near);
    INDArray series = square.mul(-1.0 / 37800).addi(1.0 / 2835).muli(square);
    series.subi(1.0 / 180).muli(square).addi(1.0 / 6).muli(square);
    return beyond.addi(series).subi(near);
  }

  /** coth a − 1/a = a/3 − a³/45 + 2a⁵/945 − a⁷/4725 …; the argument is lost. */
  private static INDArray langevin(INDArray a) {
    INDArray far = Transforms.max(a, NEAR, true);
    INDArray beyond = Transforms.tanh(far, true).rdivi(1).subi(far.rdivi(1));
    beyond.subi(1 / Math.tanh(NEAR) - 1 / NEAR);
    INDArray near = Transforms.min(a, NEAR, false);
    INDArray square = near.mul(near);
    INDArray series = square.mul(-1.0 / 4725).addi(2.0 / 945).muli(square);
    series.subi(1.0 / 45).muli(square).addi(1.0 / 3).muli(near);
    return beyond.addi(series);
  }

  /** 1/a² + 1 − coth² a = 1/3 − a²/15 + 2a⁴/189 − a⁶/675 …; the argument is lost. */
  private static INDArray langevinSlope(INDArray a) {
    INDArray far = Transforms.max(a, NEAR, true);
    INDArray cotangent = Transforms.tanh(far, true).rdivi(1);
    INDArray beyond = far.muli(far).rdivi(1).subi(cotangent.muli(cotangent));
    beyond.subi(1 / (NEAR * NEAR) - Math.pow(Math.tanh(NEAR), -2));
    INDArray near = Transforms.min(a, NEAR, false);
    INDArray square = near.muli(near);
    INDArray series = square.mul(-1.0 / 675).addi(2.0 / 189).muli(square);
    return beyond.addi(series.subi(1.0 / 15).muli(square).addi(1.0 / 3));
  }
}
