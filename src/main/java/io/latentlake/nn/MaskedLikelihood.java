package io.latentlake.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ReplaceNans;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A likelihood of rows in which features may be missing, which is NaN: p(x | z) of those that are
 * there, since given z the features are independent (Mattei and Frellsen, arXiv 1812.02633, section
 * 2). A missing feature adds 0 to −log p and to the gradient; a category of which anything is
 * missing is missing whole.
 *
 * <p>The formulas carry NaN from x to exactly the terms it has a part in, and here those become 0.
 * NaN in the outputs, of a network that diverged, must stay, and is put back.
 */
public class MaskedLikelihood extends LikelihoodAround {
  private static final long serialVersionUID = 1L;

  public MaskedLikelihood(@JsonProperty("likelihood") Likelihood likelihood) {
    super(likelihood);
  }

  @Override
  public INDArray features(INDArray output, INDArray x) {
    return withoutMissing(super.features(output, x), output);
  }

  @Override
  public INDArray saturated(INDArray output, INDArray x) {
    return withoutMissing(super.saturated(output, x).addi(gaps(output, x)), output);
  }

  @Override
  public INDArray expectedDeviance(INDArray output, INDArray x) {
    return withoutMissing(expectedDeviance(output).addi(gaps(output, x)), output);
  }

  /** 0, but not a number where a term is missing. */
  private INDArray gaps(INDArray output, INDArray x) {
    return super.features(output, x).muli(0);
  }

  @Override
  public INDArray residual(INDArray output, INDArray x) {
    return withoutMissing(super.residual(output, x), output);
  }

  @Override
  public INDArray gradient(INDArray output, INDArray x) {
    return withoutMissing(super.gradient(output, x), output);
  }

  private static INDArray withoutMissing(INDArray terms, INDArray output) {
    Nd4j.getExecutioner().exec(new ReplaceNans(terms, 0));
    // 0 a row, but not a number where an output isn't.
    return terms.addiColumnVector(output.mul(0).sum(true, 1));
  }
}
