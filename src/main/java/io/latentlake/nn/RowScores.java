package io.latentlake.nn;

import java.util.Arrays;

/**
 * A batch's scores, in arrays that are allocated once and written again by every pass; element i
 * belongs to row i.
 *
 * @param reconstructionError −log p(x | z = μ(x)), nats
 * @param squaredError Σ(x − x̂)²
 * @param deviance what the reconstruction error is above that of a decoder which gives the row
 *     itself, nats: half of what statistics calls the deviance
 * @param expectedDeviance what that would be on average for rows drawn from p(x | z), nats
 * @param kl KL(q(z|x) ‖ p(z)), nats
 * @param latent μ(x), {@code [capacity, latent]}, row by row
 * @param featureDeviance each feature's part of the deviance, {@code [capacity, features]}, row by
 *     row; empty where nobody asks for it
 * @param mean E[x | z = μ(x)], likewise
 */
public record RowScores(
    float[] reconstructionError,
    float[] squaredError,
    float[] deviance,
    float[] expectedDeviance,
    float[] kl,
    float[] latent,
    float[] featureDeviance,
    float[] mean) {

  /** Arrays for so many rows of so many latent dimensions, and nothing about single features. */
  public static RowScores allocate(int capacity, int latent) {
    return allocate(capacity, latent, 0);
  }

  /** Arrays for so many rows of so many latent dimensions and features. */
  public static RowScores allocate(int capacity, int latent, int features) {
    return new RowScores(
        new float[capacity],
        new float[capacity],
        new float[capacity],
        new float[capacity],
        new float[capacity],
        new float[capacity * latent],
        new float[capacity * features],
        new float[capacity * features]);
  }

  /** Whether single features are asked about. */
  public boolean explained() {
    return featureDeviance.length > 0;
  }

  /** A copy of one row's μ(x), {@code [latent]}. */
  public float[] latentOf(int row) {
    int dimensions = latent.length / reconstructionError.length;
    return Arrays.copyOfRange(latent, row * dimensions, (row + 1) * dimensions);
  }
}
