package io.latentlake.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The penalty of a posterior that isn't penalized: 0. */
final class NoPenalty extends RowLoss {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray rows(INDArray posterior, INDArray x) {
    return Nd4j.zeros(posterior.dataType(), posterior.size(0));
  }

  @Override
  public INDArray gradient(INDArray posterior, INDArray x) {
    return Nd4j.zeros(posterior.dataType(), posterior.shape());
  }
}
