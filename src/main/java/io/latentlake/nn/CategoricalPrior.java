package io.latentlake.nn;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Every value of every categorical variable is equally probable.
 *
 * @param categories values of a variable, one behind the other in z
 */
public record CategoricalPrior(@JsonProperty("categories") int categories) implements Prior {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray sample(int rows, int latent, long seed) {
    var random = new SplittableRandom(seed);
    var z = new float[rows * latent];
    for (int at = 0; at < z.length; at += categories) {
      z[at + random.nextInt(categories)] = 1;
    }
    return Nd4j.createFromArray(z).reshape('c', rows, latent);
  }

  @Override
  public INDArray logDensity(INDArray z) {
    double each = -Math.log(categories) * z.size(1) / categories;
    return Nd4j.valueArrayOf(new long[] {z.size(0)}, each, z.dataType());
  }
}
