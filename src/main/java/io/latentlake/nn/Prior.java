package io.latentlake.nn;

import java.io.Serializable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/** p(z). */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public interface Prior extends Serializable {
  /**
   * Draws z.
   *
   * @param seed same seed, same draws
   * @return {@code [rows, latent]}, a new array of floats
   */
  INDArray sample(int rows, int latent, long seed);

  /**
   * log p(z), nats.
   *
   * @param z {@code [rows, latent]}
   * @return {@code [rows]}
   */
  INDArray logDensity(INDArray z);
}
