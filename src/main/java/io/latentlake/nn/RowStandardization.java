package io.latentlake.nn;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Brings each row to mean 0 and variance 1: {@code [batch, …]}, such as a batch of images, to
 * {@code [batch, width]}. Layer normalization (Ba, Kiros and Hinton, arXiv 1607.06450, equation 3)
 * up to its gain and bias.
 */
public class RowStandardization extends FunctionVertex {
  private static final long serialVersionUID = 1L;

  /** Keeps a constant row from being divided by 0. */
  private static final double EPSILON = 1e-5;

  @Override
  protected INDArray forward(INDArray[] inputs, Context context) {
    INDArray rows = rows(inputs[0]).dup('c');
    return rows.subiColumnVector(rows.mean(true, 1)).diviColumnVector(deviation(rows(inputs[0])));
  }

  /** dx = (dy − mean(dy) − y ⊙ mean(dy ⊙ y)) / σ, means over the row. */
  @Override
  protected INDArray[] backward(INDArray[] inputs, INDArray y, INDArray dy, Context context) {
    INDArray along = y.mulColumnVector(y.mul(dy).mean(true, 1));
    INDArray dx = dy.dup('c').subiColumnVector(dy.mean(true, 1)).subi(along);
    dx.diviColumnVector(deviation(rows(inputs[0])));
    return new INDArray[] {dx.reshape('c', inputs[0].shape())};
  }

  private static INDArray rows(INDArray input) {
    return input.reshape('c', input.size(0), -1);
  }

  /** σ of each row, {@code [batch, 1]}. */
  private static INDArray deviation(INDArray rows) {
    return Transforms.sqrt(rows.var(false, 1).addi(EPSILON), false).reshape('c', rows.size(0), 1);
  }

  @Override
  protected long width(long[] inputs) {
    return inputs[0];
  }

  @Override
  protected List<Object> settings() {
    return List.of();
  }
}
