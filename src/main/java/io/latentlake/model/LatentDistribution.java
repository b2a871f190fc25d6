package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/** Mean and covariance of the training rows' μ(x): the aggregated posterior, taken for Gaussian. */
public final class LatentDistribution implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Added to every variance: a dimension that nothing uses has none, and must not divide by 0. */
  public static final double FLOOR = 1e-6;

  /** Added as a share: dimensions that say the same have a covariance without an inverse. */
  private static final double RELATIVE_FLOOR = 1e-9;

  private final double[] mean;

  /** The covariance's inverse, {@code [latent, latent]}, row by row. */
  private final double[] precision;

  private LatentDistribution(double[] mean, double[] precision) {
    this.mean = mean;
    this.precision = precision;
  }

  /**
   * The distribution of so many points.
   *
   * @param rows how many; at least one
   * @param means of each dimension, {@code [latent]}
   * @param products Σ(z − mean)(z − mean)ᵀ, {@code [latent, latent]}
   */
  public static LatentDistribution of(long rows, double[] means, double[][] products) {
    int latent = means.length;
    var covariance = new double[latent][latent];
    for (int i = 0; i < latent; i++) {
      for (int j = 0; j < latent; j++) {
        covariance[i][j] = products[i][j] / rows;
      }
      covariance[i][i] += FLOOR + RELATIVE_FLOOR * covariance[i][i];
    }
    RealMatrix inverse =
        new CholeskyDecomposition(new Array2DRowRealMatrix(covariance, false), 1e-9, 0)
            .getSolver()
            .getInverse();
    var precision = new double[latent * latent];
    for (int i = 0; i < precision.length; i++) {
      precision[i] = inverse.getEntry(i / latent, i % latent);
    }
    return new LatentDistribution(means.clone(), precision);
  }

  /**
   * Reads what {@link #bytes} gave.
   *
   * @throws InvalidInputException when the size is another, or a number isn't finite
   */
  public static LatentDistribution read(byte[] bytes, int latent) {
    if (bytes.length != Double.BYTES * latent * (latent + 1L)) {
      throw new InvalidInputException(
          "a latent distribution of %d bytes: %d dimensions take %d"
              .formatted(bytes.length, latent, Double.BYTES * latent * (latent + 1L)));
    }
    var values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
    var mean = new double[latent];
    var precision = new double[latent * latent];
    values.get(mean).get(precision);
    var distribution = new LatentDistribution(mean, precision);
    if (!Double.isFinite(distribution.distance(new float[latent], 0))) {
      throw new InvalidInputException("a latent distribution holds a number that isn't finite");
    }
    return distribution;
  }

  /** Mean, then inverse covariance, as little-endian float64. */
  public byte[] bytes() {
    var buffer =
        ByteBuffer.allocate(Double.BYTES * (mean.length + precision.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.asDoubleBuffer().put(mean).put(precision);
    return buffer.array();
  }

  /** How many dimensions z has. */
  public int dimensions() {
    return mean.length;
  }

  /** The mean of each dimension, {@code [latent]}. */
  public double[] means() {
    return mean.clone();
  }

  /** The variance of each dimension, {@code [latent]}, {@link #FLOOR} included. */
  public double[] variances() {
    var rows = new double[mean.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(precision, i * mean.length, (i + 1) * mean.length);
    }
    RealMatrix covariance =
        new LUDecomposition(new Array2DRowRealMatrix(rows, false), Double.MIN_NORMAL)
            .getSolver()
            .getInverse();
    return IntStream.range(0, mean.length).mapToDouble(i -> covariance.getEntry(i, i)).toArray();
  }

  /** The Mahalanobis distance of a point, {@code [latent]} from the offset on, to the mean. */
  public double distance(float[] z, int offset) {
    double square = 0;
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (int j = 0; j < mean.length; j++) {
        sum += precision[i * mean.length + j] * (z[offset + j] - mean[j]);
      }
      square += sum * (z[offset + i] - mean[i]);
    }
    return Math.sqrt(Math.max(0, square));
  }
}
