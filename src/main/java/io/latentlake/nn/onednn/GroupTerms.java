package io.latentlake.nn.onednn;

import io.latentlake.nn.LearnedVarianceGaussianLikelihood;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.util.EnumSet;
import java.util.Set;

/**
 * −log p(x|z) of one row's features of one group, their mean and their gradient. A feature that is
 * NaN is missing: it adds nothing.
 */
interface GroupTerms {
  /** The families that {@link #of} has terms for. */
  Set<Family> FAMILIES =
      EnumSet.of(
          Family.BERNOULLI,
          Family.GAUSSIAN,
          Family.GAUSSIAN_FEATURE_VARIANCE,
          Family.GAUSSIAN_LEARNED_VARIANCE,
          Family.LAPLACE,
          Family.CATEGORICAL);

  /**
   * Where a row's numbers are.
   *
   * @param x the features, from {@code feature} on
   * @param mean where E[x|z] goes, at the same places
   * @param output the decoder's, from {@code decoded} on, and from {@code shared} on those that are
   *     the same for every row
   * @param gradient where d(−log p)/d(output) goes, at the same places
   */
  record Row(
      float[] x,
      float[] mean,
      int feature,
      float[] output,
      float[] gradient,
      int decoded,
      int shared,
      int width) {

    boolean isMissing(int i) {
      return Float.isNaN(x[feature + i]);
    }

    /** E[x|z] − x. */
    double residual(int i) {
      return mean[feature + i] - x[feature + i];
    }
  }

  /**
   * Writes mean and gradient.
   *
   * @return nats
   */
  double of(Row row);

  /** The terms of a family that is among {@link #FAMILIES}. */
  static GroupTerms of(LikelihoodSpec spec) {
    return switch (spec.family()) {
      case BERNOULLI -> GroupTerms::bernoulli;
      case GAUSSIAN -> row -> gaussian(row, spec.variance());
      case GAUSSIAN_FEATURE_VARIANCE -> row -> learnedVariance(row, row.shared);
      case GAUSSIAN_LEARNED_VARIANCE -> row -> learnedVariance(row, row.decoded + row.width);
      case LAPLACE -> row -> laplace(row, spec.scale());
      case CATEGORICAL -> GroupTerms::categorical;
      default -> throw new IllegalArgumentException("no terms for " + spec.family());
    };
  }

  private static double bernoulli(Row row) {
    double sum = 0;
    for (int i = 0; i < row.width; i++) {
      float logit = row.output[row.decoded + i];
      double p = sigmoid(logit);
      row.mean[row.feature + i] = (float) p;
      boolean missing = row.isMissing(i);
      row.gradient[row.decoded + i] = missing ? 0 : (float) row.residual(i);
      sum += missing ? 0 : softplus(logit) - (double) logit * row.x[row.feature + i];
    }
    return sum;
  }

  private static double gaussian(Row row, double variance) {
    double sum = 0;
    double normalizer = 0.5 * Math.log(2 * Math.PI * variance);
    for (int i = 0; i < row.width; i++) {
      row.mean[row.feature + i] = row.output[row.decoded + i];
      double residual = row.isMissing(i) ? 0 : row.residual(i);
      row.gradient[row.decoded + i] = (float) (residual / variance);
      sum += row.isMissing(i) ? 0 : residual * residual / (2 * variance) + normalizer;
    }
    return sum;
  }

  /** Raw log-variances stand from {@code raw} on. */
  private static double learnedVariance(Row row, int raw) {
    double floor = LearnedVarianceGaussianLikelihood.FLOOR;
    double sum = 0;
    for (int i = 0; i < row.width; i++) {
      row.mean[row.feature + i] = row.output[row.decoded + i];
      if (row.isMissing(i)) {
        row.gradient[row.decoded + i] = 0;
        row.gradient[raw + i] = 0;
        continue;
      }
      double over = row.output[raw + i] + floor;
      double logVariance = softplus(over) - floor;
      double residual = row.residual(i);
      double scaled = residual * Math.exp(-logVariance);
      row.gradient[row.decoded + i] = (float) scaled;
      row.gradient[raw + i] = (float) (0.5 * (1 - residual * scaled) * sigmoid(over));
      sum += 0.5 * (residual * scaled + logVariance + Math.log(2 * Math.PI));
    }
    return sum;
  }

  private static double laplace(Row row, double scale) {
    double sum = 0;
    for (int i = 0; i < row.width; i++) {
      row.mean[row.feature + i] = row.output[row.decoded + i];
      double residual = row.isMissing(i) ? 0 : row.residual(i);
      row.gradient[row.decoded + i] = (float) (Math.signum(residual) / scale);
      sum += row.isMissing(i) ? 0 : Math.abs(residual) / scale + Math.log(2 * scale);
    }
    return sum;
  }

  /** A category of which anything is missing is missing whole. */
  private static double categorical(Row row) {
    double largest = Double.NEGATIVE_INFINITY;
    double whole = 0;
    for (int i = 0; i < row.width; i++) {
      largest = Math.max(largest, row.output[row.decoded + i]);
      whole += row.x[row.feature + i];
    }
    double total = 0;
    for (int i = 0; i < row.width; i++) {
      double weight = Math.exp(row.output[row.decoded + i] - largest);
      row.mean[row.feature + i] = (float) weight;
      total += weight;
    }
    boolean missing = Double.isNaN(whole);
    double normalizer = largest + Math.log(total);
    double sum = 0;
    for (int i = 0; i < row.width; i++) {
      double p = row.mean[row.feature + i] / total;
      double x = row.x[row.feature + i];
      row.mean[row.feature + i] = (float) p;
      row.gradient[row.decoded + i] = missing ? 0 : (float) (p * whole - x);
      sum -= missing ? 0 : x * (row.output[row.decoded + i] - normalizer);
    }
    return sum;
  }

  private static double softplus(double value) {
    return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
  }

  private static double sigmoid(double value) {
    return 1 / (1 + Math.exp(-value));
  }
}
