package io.latentlake.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The entropy of probabilities, nats; NaN where a probability is missing. */
final class Entropy {
  /** Below it p·log p is 0 in any case, and log p would not be finite. */
  private static final double SMALLEST = 1e-30;

  private Entropy() {}

  /** −p log p − (1 − p) log(1 − p) of each element, a new array. */
  static INDArray ofBernoulli(INDArray p) {
    return ofCategory(p).addi(ofCategory(p.rsub(1)));
  }

  /** −p log p of each element, a new array. */
  static INDArray ofCategory(INDArray p) {
    return Transforms.log(Transforms.max(p, SMALLEST, true), false).muli(p).negi();
  }
}
