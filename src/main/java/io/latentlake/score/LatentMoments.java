package io.latentlake.score;

import io.latentlake.model.LatentDistribution;
import java.io.Serializable;

/**
 * Mean and covariance of rows' μ(x). Grows as rows are added, by Welford's recurrence and, where
 * two parts meet, as Chan, Golub and LeVeque (1979) add them up: sums of products would cancel far
 * from 0, and leave a covariance that is none.
 */
final class LatentMoments implements Serializable {
  private static final long serialVersionUID = 1L;

  private long rows;
  private final double[] means;

  /** Σ(z − mean)(z − mean)ᵀ. */
  private final double[][] products;

  LatentMoments(int latent) {
    means = new double[latent];
    products = new double[latent][latent];
  }

  /** Adds the first rows of a batch, {@code [rows, latent]}, one behind the other. */
  void add(float[] latents, int count) {
    int latent = means.length;
    var distance = new double[latent];
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < latent; i++) {
        distance[i] = latents[row * latent + i] - means[i];
      }
      merge(1, distance);
    }
  }

  LatentMoments plus(LatentMoments other) {
    var both = new LatentMoments(means.length);
    both.merge(this);
    both.merge(other);
    return both;
  }

  private void merge(LatentMoments other) {
    if (other.rows == 0) {
      return;
    }
    var distance = new double[means.length];
    for (int i = 0; i < means.length; i++) {
      distance[i] = other.means[i] - means[i];
      for (int j = 0; j < means.length; j++) {
        products[i][j] += other.products[i][j];
      }
    }
    merge(other.rows, distance);
  }

  /** Takes in so many rows, whose mean is so far from this one. */
  private void merge(long count, double[] distance) {
    double share = (double) count / (rows + count);
    for (int i = 0; i < means.length; i++) {
      double weighed = distance[i] * rows * share;
      for (int j = 0; j < means.length; j++) {
        products[i][j] += weighed * distance[j];
      }
    }
    for (int i = 0; i < means.length; i++) {
      means[i] += distance[i] * share;
    }
    rows += count;
  }

  LatentDistribution distribution() {
    return LatentDistribution.of(rows, means, products);
  }
}
