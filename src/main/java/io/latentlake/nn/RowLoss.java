package io.latentlake.nn;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * One term of −ELBO as a DL4J loss function: a value in nats for each row, and its gradient with
 * respect to the outputs of the layer before it. DL4J's activation and mask are not used.
 */
public abstract class RowLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  /**
   * The term of each row, in nats.
   *
   * @param output what the network gives, {@code [batch, outputs]}, or more rows where a term says
   *     so
   * @param x the rows, {@code [batch, features + condition]}
   * @return {@code [batch]}
   */
  public abstract INDArray rows(INDArray output, INDArray x);

  /** d(sum over the rows)/d(output), {@code [batch, outputs]}, row-major. */
  public abstract INDArray gradient(INDArray output, INDArray x);

  @Override
  public double computeScore(
      INDArray labels, INDArray output, IActivation activation, INDArray mask, boolean average) {
    double mean = rows(output, labels).meanNumber().doubleValue();
    // DL4J divides a sum by the output's rows, which may be more than the batch's.
    return average ? mean : mean * output.size(0);
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray output, IActivation activation, INDArray mask) {
    INDArray rows = rows(output, labels);
    return rows.reshape(rows.length(), 1);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray output, IActivation activation, INDArray mask) {
    return gradient(output, labels);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray output, IActivation activation, INDArray mask, boolean average) {
    return new Pair<>(
        computeScore(labels, output, activation, mask, average), gradient(output, labels));
  }

  @Override
  public String name() {
    return getClass().getSimpleName();
  }

  /** By value, as DL4J compares configurations. */
  @Override
  public boolean equals(Object other) {
    return other != null && other.getClass() == getClass();
  }

  @Override
  public int hashCode() {
    return getClass().hashCode();
  }
}
