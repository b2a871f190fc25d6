package io.latentlake.nn;

import io.latentlake.spec.InvalidInputException;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a row's ELBO gains when its q(z|x) = N(μ, σ²) is no longer the encoder's but the best for
 * this row alone: much for rows such as the encoder was never trained on (Xiao, Yan and Amit, arXiv
 * 2003.02977, equation 4).
 */
public final class LikelihoodRegret {
  private static final int STEPS = 100;
  private static final double RATE = 0.05;

  /** Tells the noise of the search from that of the measurement. */
  private static final long SEARCH = 1;

  private final VaeNetwork network;
  private final LatentGradient latentGradient;
  private final StandardNormalKl kl = new StandardNormalKl(0);
  private final int samples;

  /**
   * A measurement with a network, which stays the caller's.
   *
   * @param samples z drawn for each ELBO
   * @throws InvalidInputException when q(z|x) isn't Gaussian, the prior isn't N(0, I), or the
   *     decoder normalizes over the batch
   */
  public LikelihoodRegret(VaeNetwork network, int samples) {
    this.network = network;
    this.latentGradient = new LatentGradient(network);
    this.samples = samples;
    if (!(network.posterior() instanceof Reparameterization)
        || !(network.prior() instanceof StandardNormalPrior)
        || network.conditionWidth() > 0
        || !latentGradient.exists()) {
      throw new InvalidInputException(
          "likelihood_regret moves each row's Gaussian q(z|x) under the prior N(0, I), through a"
              + " decoder that looks at z alone and doesn't normalize over the batch; use"
              + " log_likelihood for this model");
    }
  }

  /**
   * Measures.
   *
   * @param x {@code [batch, features]}
   * @param rowSeeds decide what is drawn for each row, {@code [batch]}
   * @return {@code [batch]}, nats
   */
  public double[] rows(INDArray x, long[] rowSeeds) {
    float[] posterior;
    try (MemoryWorkspace scope = network.scope()) {
      posterior = flat(network.encode(x));
    }
    double[] own = loss(posterior, x, rowSeeds);
    var descent = new AdamDescent(posterior, RATE);
    for (int step = 0; step < STEPS; step++) {
      descent.step(gradient(posterior, x, seeds(rowSeeds, SEARCH, step)));
    }
    double[] best = loss(posterior, x, rowSeeds);
    for (int row = 0; row < own.length; row++) {
      own[row] -= best[row];
    }
    return own;
  }

  /** −ELBO of each row, by the same noise whatever the posterior. */
  private double[] loss(float[] posterior, INDArray x, long[] rowSeeds) {
    double[] loss;
    try (MemoryWorkspace scope = network.scope()) {
      loss = kl.rows(rows(posterior), x).toDoubleVector();
    }
    for (int sample = 0; sample < samples; sample++) {
      try (MemoryWorkspace scope = network.scope()) {
        INDArray z = network.posterior().sample(rows(posterior), seeds(rowSeeds, 0, sample));
        double[] errors = network.likelihood().rows(network.decode(z), x).toDoubleVector();
        for (int row = 0; row < loss.length; row++) {
          loss[row] += errors[row] / samples;
        }
      }
    }
    return loss;
  }

  /** ∂z/∂μ = 1, and ∂z/∂ log σ² = (z − μ)/2. */
  private float[] gradient(float[] posterior, INDArray x, long[] seeds) {
    try (MemoryWorkspace scope = network.scope()) {
      INDArray parameters = rows(posterior);
      INDArray z = network.posterior().sample(parameters, seeds);
      INDArray slope = latentGradient.at(z, output -> network.likelihood().gradient(output, x));
      INDArray gradient = kl.gradient(parameters, x);
      GaussianPosterior.mean(gradient).addi(slope);
      GaussianPosterior.logVariance(gradient)
          .addi(z.sub(GaussianPosterior.mean(parameters)).muli(slope).muli(0.5));
      return flat(gradient);
    }
  }

  private static long[] seeds(long[] rowSeeds, long purpose, int draw) {
    var seeds = new long[rowSeeds.length];
    for (int row = 0; row < seeds.length; row++) {
      seeds[row] = Noise.seed(rowSeeds[row], purpose, draw);
    }
    return seeds;
  }

  private INDArray rows(float[] posterior) {
    int width = 2 * network.latent();
    return Nd4j.createFromArray(posterior).reshape('c', posterior.length / width, width);
  }

  private static float[] flat(INDArray values) {
    return values.dup('c').reshape(values.length()).toFloatVector();
  }
}
