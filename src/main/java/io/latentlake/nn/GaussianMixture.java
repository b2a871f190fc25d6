package io.latentlake.nn;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A mixture of Gaussians with diagonal covariances, all equally probable.
 *
 * @param means {@code [components][latent]}
 * @param logVariances {@code [components][latent]}
 */
public record GaussianMixture(
    @JsonProperty("means") float[][] means, @JsonProperty("logVariances") float[][] logVariances)
    implements Prior {
  private static final long serialVersionUID = 1L;
  private static final double RING_DEVIATION = 0.5;

  /** Of components as an encoder gives them: μ, then log σ², {@code [components, 2·latent]}. */
  static GaussianMixture of(INDArray components) {
    return new GaussianMixture(
        GaussianPosterior.mean(components).toFloatMatrix(),
        GaussianPosterior.logVariance(components).toFloatMatrix());
  }

  @Override
  public INDArray sample(int rows, int latent, long seed) {
    var random = new SplittableRandom(seed);
    var z = new float[rows][latent];
    for (float[] row : z) {
      int component = random.nextInt(means.length);
      for (int i = 0; i < latent; i++) {
        double deviation = Math.exp(0.5 * logVariances[component][i]);
        row[i] = (float) (means[component][i] + deviation * random.nextGaussian());
      }
    }
    return Nd4j.create(z);
  }

  @Override
  public INDArray logDensity(INDArray z) {
    var each = new INDArray[means.length];
    for (int k = 0; k < each.length; k++) {
      INDArray mean = row(means[k], z);
      INDArray logVariance = row(logVariances[k], z);
      each[k] = DiagonalGaussian.logDensity(z, mean, logVariance).reshape(z.size(0), 1);
    }
    return LogSumExp.ofRows(Nd4j.concat(1, each)).subi(Math.log(each.length));
  }

  /**
   * A ring of narrow components around the origin, in the first two dimensions, six standard
   * deviations apart; the other dimensions are N(0, 1).
   */
  public static GaussianMixture ring(int components, int latent) {
    double radius = 3 * RING_DEVIATION / Math.sin(Math.PI / components);
    var means = new float[components][latent];
    var logVariances = new float[components][latent];
    for (int k = 0; k < components; k++) {
      for (int i = 0; i < Math.min(2, latent); i++) {
        double angle = 2 * Math.PI * k / components - i * Math.PI / 2;
        means[k][i] = (float) (radius * Math.cos(angle));
        logVariances[k][i] = (float) (2 * Math.log(RING_DEVIATION));
      }
    }
    return new GaussianMixture(means, logVariances);
  }

  private static INDArray row(float[] values, INDArray z) {
    return Nd4j.createFromArray(values)
        .castTo(z.dataType())
        .reshape(1, values.length)
        .broadcast(z.shape());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GaussianMixture that
        && Arrays.deepEquals(that.means, means)
        && Arrays.deepEquals(that.logVariances, logVariances);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.deepHashCode(means) + Arrays.deepHashCode(logVariances);
  }
}
