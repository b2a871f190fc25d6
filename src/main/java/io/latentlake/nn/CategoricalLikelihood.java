package io.latentlake.nn;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * One of K categories, x one-hot or probabilities that sum to 1, the decoder gives unnormalized
 * logarithms l: −log p = −Σ x·log softmax(l), which is logsumexp(l) − Σ x·l. Written the first way
 * it stays at least 0 where rounding lets x sum to a little more than 1; the second has no bound
 * then.
 */
public class CategoricalLikelihood extends Likelihood {
  private static final long serialVersionUID = 1L;

  @Override
  public LikelihoodSpec spec() {
    return LikelihoodSpec.of(Family.CATEGORICAL);
  }

  @Override
  public int outputs(int features) {
    return features;
  }

  @Override
  public INDArray features(INDArray logits, INDArray x) {
    INDArray terms = Nd4j.zeros(logits.dataType(), logits.shape());
    terms.getColumn(0).assign(logSoftmax(logits).muli(x).sum(1).negi());
    return terms;
  }

  /** The entropy of x, which is 0 of a category. */
  @Override
  public INDArray saturated(INDArray logits, INDArray x) {
    return inFirstColumn(Entropy.ofCategory(x));
  }

  /** The entropy of softmax(l). */
  @Override
  public INDArray expectedDeviance(INDArray logits) {
    return inFirstColumn(Entropy.ofCategory(mean(logits)));
  }

  private static INDArray inFirstColumn(INDArray rows) {
    INDArray terms = Nd4j.zeros(rows.dataType(), rows.shape());
    terms.getColumn(0).assign(rows.sum(1));
    return terms;
  }

  /** softmax(l)·Σ x − x. */
  @Override
  public INDArray gradient(INDArray logits, INDArray x) {
    return mean(logits).muliColumnVector(x.sum(true, 1)).subi(x);
  }

  @Override
  public INDArray mean(INDArray logits) {
    return Transforms.exp(logSoftmax(logits), false);
  }

  /** p ⊙ (gradient − Σ p·gradient). */
  @Override
  public INDArray meanGradient(INDArray logits, INDArray gradient) {
    INDArray p = mean(logits);
    INDArray average = p.mul(gradient).sum(true, 1);
    return p.muli(gradient.subColumnVector(average));
  }

  private static INDArray logSoftmax(INDArray logits) {
    INDArray shifted = logits.dup('c').subiColumnVector(logits.max(true, 1));
    INDArray sums = Transforms.exp(shifted, true).sum(true, 1);
    return shifted.subiColumnVector(Transforms.log(sums, false));
  }
}
