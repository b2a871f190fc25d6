package io.latentlake.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Sums of what is given by its logarithms, without overflow. */
final class LogSumExp {
  private LogSumExp() {}

  /**
   * log Σ exp of each row.
   *
   * @param values {@code [rows, columns]}
   * @return {@code [rows]}, a new array
   */
  static INDArray ofRows(INDArray values) {
    INDArray largest = values.max(true, 1); // [rows, 1]
    INDArray sum = Transforms.exp(values.subColumnVector(largest), false).sum(1);
    return Transforms.log(sum, false).addi(largest.reshape(sum.shape()));
  }

  /**
   * exp(values) with every row scaled to sum 1.
   *
   * @param values {@code [rows, columns]}
   * @return of the same shape, a new array
   */
  static INDArray softmax(INDArray values) {
    INDArray log = ofRows(values).reshape(values.size(0), 1);
    return Transforms.exp(values.subColumnVector(log), false);
  }
}
