package io.latentlake.nn;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** N(0, I). */
public record StandardNormalPrior() implements Prior {
  @Override
  public INDArray sample(int rows, int latent, long seed) {
    return Noise.standardNormal(seed, rows, latent, DataType.FLOAT);
  }

  @Override
  public INDArray logDensity(INDArray z) {
    return DiagonalGaussian.logStandardNormal(z);
  }
}
