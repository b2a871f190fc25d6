package io.latentlake.nn;

import io.latentlake.spec.InvalidInputException;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Finds for each row the z that its observed features make likeliest under N(0, I), and what the
 * others are expected to be there. The encoder's q(z|x) alone doesn't do: where features are
 * missing it sees rows such as it was never trained on. Rounds alternate as in Rezende, Mohamed and
 * Wierstra (arXiv 1401.4082, appendix F), missing features taking their expectation given z, but z
 * moves uphill on log p(x, z) instead of being drawn from q(z|x), whose error the draws would add
 * up (Mattei and Frellsen, arXiv 1802.04826, section 4).
 */
public final class PosteriorMode {
  /** Of the steps that move each of the rows' latents. */
  private static final double RATE = 0.1;

  private final VaeNetwork network;
  private final LatentGradient latentGradient;

  /**
   * A search with the network's decoder, which stays the caller's.
   *
   * @throws InvalidInputException when a row's z has no gradient: where z is made of categories, or
   *     the decoder normalizes over the batch
   */
  public PosteriorMode(VaeNetwork network) {
    this.network = network;
    this.latentGradient = new LatentGradient(network);
    if (!latentGradient.exists()) {
      throw new InvalidInputException(
          "the model's latents are categories, or its decoder normalizes over the batch, and what is"
              + " missing is found by moving each row's z; use a model without them, such as a vae"
              + " with layer normalization");
    }
  }

  /**
   * Fills in what is missing.
   *
   * @param x the rows, {@code [batch, features]}; where features are missing, what to start from
   * @param observed 1 where a feature is observed and 0 where it is missing, as {@code x}
   * @param rounds how often z and the missing features take turns
   * @return E[x | z] of all features, {@code [batch, features]}, row by row
   */
  public float[] expected(INDArray x, INDArray observed, int rounds) {
    float[] z;
    try (MemoryWorkspace scope = network.scope()) {
      z = flat(network.posterior().mean(network.encode(x)));
    }
    var descent = new AdamDescent(z, RATE);
    for (int round = 0; round < rounds; round++) {
      descent.step(withPrior(gradient(z, x, observed), z));
    }
    try (MemoryWorkspace scope = network.scope()) {
      return flat(network.likelihood().mean(network.decode(rows(z))));
    }
  }

  /** −∇ log p(x | z) with the missing features at their expectation, where they have no say. */
  private float[] gradient(float[] z, INDArray x, INDArray observed) {
    try (MemoryWorkspace scope = network.scope()) {
      return flat(
          latentGradient.at(
              rows(z),
              output -> {
                INDArray mean = network.likelihood().mean(output);
                INDArray filled = x.sub(mean).muli(observed).addi(mean);
                return network.likelihood().gradient(output, filled);
              }));
    }
  }

  /** −∇ log p(x, z) of z, from that of log p(x | z): −∇ log N(z; 0, I) = z. */
  private static float[] withPrior(float[] slope, float[] z) {
    for (int i = 0; i < z.length; i++) {
      slope[i] += z[i];
    }
    return slope;
  }

  private INDArray rows(float[] z) {
    return Nd4j.createFromArray(z).reshape('c', z.length / network.latent(), network.latent());
  }

  /** Flat: toFloatMatrix() makes an array of its own, natively, for every row. */
  private static float[] flat(INDArray values) {
    return values.reshape(values.length()).toFloatVector();
  }
}
