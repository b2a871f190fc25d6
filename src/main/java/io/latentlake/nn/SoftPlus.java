package io.latentlake.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** log(1 + eᵃ), where ND4J's own op overflows: in single precision from a = 89 on. */
final class SoftPlus {
  private SoftPlus() {}

  /** max(a, 0) + log(1 + e^{−|a|}), in a new array. */
  static INDArray of(INDArray a) {
    INDArray decaying = Transforms.softPlus(Transforms.abs(a, true).negi(), false);
    return decaying.addi(Transforms.relu(a, true));
  }
}
