package io.latentlake.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * KL(q(z|x) ‖ uniform) = Σ p log p + log(categories) of each variable, in nats a row, of logits
 * {@code [batch, variables·categories]}.
 */
public class CategoricalKl extends RowLoss {
  private static final long serialVersionUID = 1L;

  private final int categories;

  public CategoricalKl(@JsonProperty("categories") int categories) {
    this.categories = categories;
  }

  public int getCategories() {
    return categories;
  }

  /** log p, {@code [batch·variables, categories]}. */
  private INDArray logProbabilities(INDArray logits) {
    INDArray each = logits.dup('c').reshape('c', -1, categories);
    return each.subiColumnVector(LogSumExp.ofRows(each).reshape(each.size(0), 1));
  }

  @Override
  public INDArray rows(INDArray logits, INDArray x) {
    INDArray log = logProbabilities(logits);
    long variables = logits.size(1) / categories;
    return Transforms.exp(log, true)
        .muli(log)
        .sum(1)
        .reshape('c', logits.size(0), variables)
        .sum(1)
        .addi(variables * Math.log(categories));
  }

  /** p ⊙ (log p − Σ p log p). */
  @Override
  public INDArray gradient(INDArray logits, INDArray x) {
    INDArray log = logProbabilities(logits);
    INDArray p = Transforms.exp(log, true);
    INDArray entropy = p.mul(log).sum(true, 1); // [batch·variables, 1]
    return p.muli(log.subiColumnVector(entropy)).reshape('c', logits.shape());
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((CategoricalKl) other).categories == categories;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + categories;
  }
}
