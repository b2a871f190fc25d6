package io.latentlake.train;

import io.latentlake.nn.GaussianPosterior;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sums over rows from which {@link LatentUse} follows, and the first rows' posteriors. */
final class LatentSums implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int kept;
  private final double[] mean;
  private final double[] square;
  private final double[] kl;
  private final List<float[]> posteriors = new ArrayList<>();
  private long rows;

  /**
   * Sums over no row.
   *
   * @param latent dimensions of z
   * @param kept how many posteriors to keep at most
   */
  LatentSums(int latent, int kept) {
    this.kept = kept;
    this.mean = new double[latent];
    this.square = new double[latent];
    this.kl = new double[latent];
  }

  /** Adds a batch's posteriors, {@code [batch, 2·latent]}. */
  void add(INDArray posterior) {
    float[][] means = GaussianPosterior.mean(posterior).toFloatMatrix();
    float[][] logVariances = GaussianPosterior.logVariance(posterior).toFloatMatrix();
    for (int row = 0; row < means.length; row++) {
      for (int i = 0; i < mean.length; i++) {
        double m = means[row][i];
        double s = logVariances[row][i];
        mean[i] += m;
        square[i] += m * m;
        kl[i] += 0.5 * (Math.exp(s) + m * m - s - 1);
      }
      if (posteriors.size() < kept) {
        float[] both = Arrays.copyOf(means[row], 2 * mean.length);
        System.arraycopy(logVariances[row], 0, both, mean.length, mean.length);
        posteriors.add(both);
      }
    }
    rows += means.length;
  }

  LatentSums plus(LatentSums other) {
    var sum = new LatentSums(mean.length, kept + other.kept);
    for (int i = 0; i < mean.length; i++) {
      sum.mean[i] = mean[i] + other.mean[i];
      sum.square[i] = square[i] + other.square[i];
      sum.kl[i] = kl[i] + other.kl[i];
    }
    sum.posteriors.addAll(posteriors);
    sum.posteriors.addAll(other.posteriors);
    sum.rows = rows + other.rows;
    return sum;
  }

  /**
   * What follows from them.
   *
   * @param seed of the z that the mutual information is measured at
   */
  LatentUse use(long seed) {
    double[] variance =
        IntStream.range(0, mean.length)
            .mapToDouble(i -> square[i] / rows - (mean[i] / rows) * (mean[i] / rows))
            .toArray();
    return new LatentUse(
        (int) DoubleStream.of(variance).filter(v -> v > LatentUse.ACTIVE_VARIANCE).count(),
        DoubleStream.of(kl).map(sum -> sum / rows).boxed().toList(),
        DoubleStream.of(variance).boxed().toList(),
        new MutualInformation(posteriors).estimate(seed),
        Math.log(posteriors.size()));
  }
}
