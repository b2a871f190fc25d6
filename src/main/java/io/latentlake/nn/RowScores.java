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
 */
public record RowScores(
    float[] reconstructionError,
    float[] squaredError,
    float[] deviance,
    float[] expectedDeviance,
    float[] kl,
    float[] latent) {

  /** Arrays for so many rows of so many latent dimensions. */
  public static RowScores allocate(int capacity, int latent) {
    return new RowScores(
        new float[capacity],
        new float[capacity],
        new float[capacity],
        new float[capacity],
        new float[capacity],
        new float[capacity * latent]);
  }

  /** A copy of one row's μ(x), {@code [latent]}. */
  public float[] latentOf(int row) {
    int dimensions = latent.length / reconstructionError.length;
    return Arrays.copyOfRange(latent, row * dimensions, (row + 1) * dimensions);
  }
}
