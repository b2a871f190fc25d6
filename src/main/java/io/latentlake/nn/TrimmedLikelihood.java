package io.latentlake.nn;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A likelihood whose gradient leaves out the rows of a batch that have the largest errors, as least
 * trimmed squares do (Rousseeuw, Least Median of Squares Regression, 1984, section 4): what a
 * decoder doesn't learn to give stays anomalous, though it was in the training table.
 */
public class TrimmedLikelihood extends LikelihoodAround {
  private static final long serialVersionUID = 1L;

  private final double share;

  /**
   * A trimmed likelihood.
   *
   * @param share of a batch's rows that is left out, rounded down to whole rows
   */
  public TrimmedLikelihood(
      @JsonProperty("likelihood") Likelihood likelihood, @JsonProperty("share") double share) {
    super(likelihood);
    this.share = share;
  }

  public double getShare() {
    return share;
  }

  /**
   * The rows of the largest errors.
   *
   * @param errors of a batch's rows; the first so many count
   */
  public static int[] worst(float[] errors, int rows, double share) {
    return IntStream.range(0, rows)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer row) -> errors[row]).reversed())
        .limit((long) (share * rows))
        .mapToInt(row -> row)
        .toArray();
  }

  /** 0 for the rows of the largest errors. */
  @Override
  public INDArray gradient(INDArray output, INDArray x) {
    INDArray gradient = super.gradient(output, x);
    float[] errors = rows(output, x).toFloatVector();
    for (int row : worst(errors, errors.length, share)) {
      gradient.getRow(row).assign(0);
    }
    return gradient;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && ((TrimmedLikelihood) other).share == share;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Double.hashCode(share);
  }
}
