package io.latentlake.score;

import io.latentlake.model.ScoreDistribution;
import io.latentlake.spec.InvalidInputException;

/**
 * The tail of a distribution: by how much rows exceed a high score has, for whatever distribution
 * with few exceptions, in the limit a generalized Pareto distribution (Pickands 1975). So a score
 * can be found that rows are past more rarely than any sample shows (Siffer, Fouque, Termier and
 * Largouët, KDD 2017).
 *
 * @param start the score from which the tail is counted
 * @param share of the rows that are past it
 * @param shape ξ: below 0 there is a largest score, at 0 the tail is exponential, above it is heavy
 * @param scale σ
 */
public record PeaksOverThreshold(float start, double share, double shape, double scale) {
  /** The tail's share of many rows, as in Siffer et al. */
  private static final double TAIL_SHARE = 0.02;

  /** Rows that a tail should have, as long as it is no more of all than {@link #LARGEST_SHARE}. */
  private static final double ENOUGH_ROWS = 100;

  private static final double LARGEST_SHARE = 0.2;

  /** Rows that a tail must have. */
  private static final long LEAST_ROWS = 20;

  /** Where the shape is taken for 0: the closed formula divides by it. */
  private static final double EXPONENTIAL = 1e-9;

  /**
   * Fits the tail by probability-weighted moments (Hosking and Wallis, Technometrics 1987, section
   * 4): closed, and for some hundred rows nearer to the truth than maximum likelihood.
   *
   * @throws InvalidInputException when there are too few rows, or their highest scores are all
   *     alike
   */
  public static PeaksOverThreshold fit(ScoreDistribution scores) {
    long rows = scores.rows();
    double share = Math.min(LARGEST_SHARE, Math.max(TAIL_SHARE, ENOUGH_ROWS / rows));
    float start = scores.scoreWithPast(share * rows);
    long peaks = scores.rowsPast(start);
    if (peaks < LEAST_ROWS) {
      throw new InvalidInputException(
          "a tail of %d of %d rows: at least %d must have different high scores; give more rows"
              .formatted(peaks, rows, LEAST_ROWS));
    }
    var moments = new WeightedMoments(peaks);
    scores.excesses(start, moments::add);
    double mean = moments.mean;
    double halves = mean - 2 * moments.weighted;
    if (!(halves > mean * EXPONENTIAL) || Double.isInfinite(mean)) {
      throw new InvalidInputException(
          "a tail of %d rows: their scores are all alike or infinite, so nothing can be extrapolated"
              .formatted(peaks));
    }
    return new PeaksOverThreshold(
        start, (double) peaks / rows, 2 - mean / halves, 2 * mean * moments.weighted / halves);
  }

  /**
   * The score that so rare a share of rows is past.
   *
   * @param probability above 0 and at most {@link #share}
   */
  public double quantile(double probability) {
    double rarity = -Math.log(probability / share);
    double excess =
        Math.abs(shape) < EXPONENTIAL ? rarity : Math.expm1(shape * rarity) / shape; // of σ = 1
    return start + scale * excess;
  }

  /** α₀ = E[Y] and α₁ = E[Y(1 − F(Y))], unbiased, from excesses in ascending order. */
  private static final class WeightedMoments {
    private final double rows;
    private double below;
    private double mean;
    private double weighted;

    private WeightedMoments(long rows) {
      this.rows = rows;
    }

    private void add(double excess, long count) {
      mean += excess * count / rows;
      // The j-th smallest counts (rows − j) / (rows − 1); these are j = below + 1, ….
      double above = count * (rows - below) - count * (count + 1.0) / 2;
      weighted += excess * above / (rows - 1) / rows;
      below += count;
    }
  }
}
