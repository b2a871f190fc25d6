package io.latentlake.nn;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * x in [0, 1], the decoder gives logits l: −log p = Σ softplus(l) − x·l, the stable form of the
 * cross-entropy (Kingma and Welling, arXiv 1312.6114, appendix C.1).
 */
public class BernoulliLikelihood extends Likelihood {
  private static final long serialVersionUID = 1L;

  @Override
  public LikelihoodSpec spec() {
    return LikelihoodSpec.of(Family.BERNOULLI);
  }

  @Override
  public int outputs(int features) {
    return features;
  }

  @Override
  public INDArray features(INDArray logits, INDArray x) {
    return SoftPlus.of(logits).subi(logits.mul(x));
  }

  /** The entropy of x. */
  @Override
  public INDArray saturated(INDArray logits, INDArray x) {
    return Entropy.ofBernoulli(x);
  }

  /** The entropy of p: a value that is drawn is 0 or 1, and has none itself. */
  @Override
  public INDArray expectedDeviance(INDArray logits) {
    return SoftPlus.of(logits).subi(logits.mul(mean(logits)));
  }

  /** sigmoid(l) − x. */
  @Override
  public INDArray gradient(INDArray logits, INDArray x) {
    return mean(logits).subi(x);
  }

  @Override
  public INDArray mean(INDArray logits) {
    return Transforms.sigmoid(logits, true);
  }

  /** p(1 − p) ⊙ gradient. */
  @Override
  public INDArray meanGradient(INDArray logits, INDArray gradient) {
    INDArray p = mean(logits);
    return p.mul(p.rsub(1)).muli(gradient);
  }
}
