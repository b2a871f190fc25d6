package io.latentlake.score;

import io.latentlake.model.LatentDistribution;
import java.io.Serializable;

/** Sums over rows' μ(x) from which their mean and covariance follow. Grows as rows are added. */
final class LatentMoments implements Serializable {
  private static final long serialVersionUID = 1L;

  private long rows;
  private final double[] sums;
  private final double[][] products;

  LatentMoments(int latent) {
    sums = new double[latent];
    products = new double[latent][latent];
  }

  /** Adds the first rows of a batch, {@code [rows, latent]}, one behind the other. */
  void add(float[] latents, int count) {
    int latent = sums.length;
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < latent; i++) {
        double value = latents[row * latent + i];
        sums[i] += value;
        for (int j = 0; j < latent; j++) {
          products[i][j] += value * latents[row * latent + j];
        }
      }
    }
    rows += count;
  }

  LatentMoments plus(LatentMoments other) {
    var both = new LatentMoments(sums.length);
    both.rows = rows + other.rows;
    for (int i = 0; i < sums.length; i++) {
      both.sums[i] = sums[i] + other.sums[i];
      for (int j = 0; j < sums.length; j++) {
        both.products[i][j] = products[i][j] + other.products[i][j];
      }
    }
    return both;
  }

  LatentDistribution distribution() {
    return LatentDistribution.of(rows, sums, products);
  }
}
