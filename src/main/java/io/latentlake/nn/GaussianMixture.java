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

  /** In plain loops: a hundred components as arrays of their own take a hundred times as long. */
  @Override
  public INDArray logDensity(INDArray z) {
    int rows = Math.toIntExact(z.size(0));
    double[] values = z.dup('c').reshape(z.length()).toDoubleVector();
    var densities = new double[rows];
    var each = new double[means.length];
    double[][] precisions = precisions();
    double[] normalizers = normalizers();
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < each.length; k++) {
        double square = square(means[k], precisions[k], values, row * means[k].length);
        each[k] = -0.5 * (normalizers[k] + square);
      }
      densities[row] = logMean(each);
    }
    return Nd4j.createFromArray(densities).castTo(z.dataType());
  }

  /** Σ (z − μ)²/σ². */
  private static double square(float[] mean, double[] precision, double[] z, int offset) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      double residual = z[offset + i] - mean[i];
      sum += residual * residual * precision[i];
    }
    return sum;
  }

  /** 1/σ², {@code [components][latent]}. */
  private double[][] precisions() {
    var precisions = new double[means.length][];
    for (int k = 0; k < precisions.length; k++) {
      precisions[k] = new double[logVariances[k].length];
      for (int i = 0; i < precisions[k].length; i++) {
        precisions[k][i] = Math.exp(-logVariances[k][i]);
      }
    }
    return precisions;
  }

  /** Σ log(2πσ²), {@code [components]}. */
  private double[] normalizers() {
    var normalizers = new double[means.length];
    for (int k = 0; k < normalizers.length; k++) {
      for (float logVariance : logVariances[k]) {
        normalizers[k] += Math.log(2 * Math.PI) + logVariance;
      }
    }
    return normalizers;
  }

  /** The logarithm of the mean of what is given by its logarithms. */
  private static double logMean(double[] logarithms) {
    double largest = Arrays.stream(logarithms).max().orElseThrow();
    double sum = 0;
    for (double value : logarithms) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum / logarithms.length);
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
