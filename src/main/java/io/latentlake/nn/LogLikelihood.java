package io.latentlake.nn;

import java.util.Arrays;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * log p(x) of rows, from below: the log of the mean of k importance weights p(x, z) / q(z|x), z
 * drawn from q(z|x), which comes closer the larger k is (Burda, Grosse and Salakhutdinov, arXiv
 * 1509.00519, equation 8). With k = 1 it is an ELBO of one sample.
 */
public final class LogLikelihood {
  private final VaeNetwork network;
  private final Prior prior;
  private final int samples;

  /**
   * A measurement.
   *
   * @param network whose q(z|x) has a density; stays the caller's
   * @param samples k
   */
  public LogLikelihood(VaeNetwork network, int samples) {
    this.network = network;
    this.prior = network.prior();
    this.samples = samples;
  }

  /**
   * Measures.
   *
   * @param x {@code [batch, features + condition]}
   * @param rowSeeds decide what is drawn for each row, {@code [batch]}
   * @return {@code [batch]}, nats
   * @throws UnsupportedOperationException where q(z|x) is a single point, as in an autoencoder
   */
  public double[] rows(INDArray x, long[] rowSeeds) {
    var largest = new double[rowSeeds.length];
    var sum = new double[rowSeeds.length];
    Arrays.fill(largest, Double.NEGATIVE_INFINITY);
    try (INDArray posterior = posterior(x)) {
      for (int sample = 0; sample < samples; sample++) {
        double[] weights = logWeights(x, posterior, seeds(rowSeeds, sample));
        for (int row = 0; row < sum.length; row++) {
          double most = Math.max(largest[row], weights[row]);
          sum[row] = sum[row] * Math.exp(largest[row] - most) + Math.exp(weights[row] - most);
          largest[row] = most;
        }
      }
    }
    var result = new double[sum.length];
    Arrays.setAll(result, row -> largest[row] + Math.log(sum[row] / samples));
    return result;
  }

  private static long[] seeds(long[] rowSeeds, int sample) {
    return Arrays.stream(rowSeeds).map(seed -> Noise.seed(seed, sample)).toArray();
  }

  /** What describes q(z|x), outside the scope of one pass; the caller closes it. */
  private INDArray posterior(INDArray x) {
    try (MemoryWorkspace scope = network.scope()) {
      return network.encode(x).detach();
    }
  }

  private double[] logWeights(INDArray x, INDArray posterior, long[] seeds) {
    try (MemoryWorkspace scope = network.scope()) {
      INDArray z = network.posterior().sample(posterior, seeds);
      return prior
          .logDensity(z)
          .subi(network.posterior().logDensity(posterior, z))
          .subi(network.likelihood().rows(network.decode(z, network.condition(x)), x))
          .toDoubleVector();
    }
  }
}
