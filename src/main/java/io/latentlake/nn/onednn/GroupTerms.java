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
   * @param made where what is made of them goes, at the same places
   * @param output the decoder's, from {@code decoded} on, and from {@code shared} on those that are
   *     the same for every row
   * @param gradient where d(−log p)/d(output) goes, at the same places
   */
  record Row(
      float[] x,
      Made made,
      int feature,
      float[] output,
      float[] gradient,
      int decoded,
      int shared,
      int width) {

    boolean isMissing(int i) {
      return Float.isNaN(x[feature + i]);
    }

    float output(int i) {
      return output[decoded + i];
    }

    void setMean(int i, double mean) {
      made.mean[feature + i] = (float) mean;
    }

    /** E[x|z] − x. */
    double residual(int i) {
      return made.mean[feature + i] - x[feature + i];
    }

    /** What {@link #of} is above that of a decoder which gives x itself, and its expectation. */
    void setDeviance(int i, double deviance, double expected) {
      made.deviance[feature + i] = (float) deviance;
      made.expectedDeviance[feature + i] = (float) expected;
    }

    /** For a feature that is missing, whose mean is set already. */
    void leaveOut(int i) {
      gradient[decoded + i] = 0;
      setDeviance(i, 0, 0);
    }
  }

  /** What becomes of the features of a batch, {@code [batch, features]} each. */
  record Made(float[] mean, float[] deviance, float[] expectedDeviance) {
    static Made allocate(int size) {
      return new Made(new float[size], new float[size], new float[size]);
    }
  }

  /**
   * Writes mean, deviance and gradient.
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
      double logit = row.output(i);
      double p = sigmoid(logit);
      row.setMean(i, p);
      if (row.isMissing(i)) {
        row.leaveOut(i);
        continue;
      }
      double x = row.x[row.feature + i];
      double nats = softplus(logit) - logit * x;
      row.gradient[row.decoded + i] = (float) (p - x);
      row.setDeviance(i, nats - entropy(x) - entropy(1 - x), softplus(logit) - logit * p);
      sum += nats;
    }
    return sum;
  }

  private static double gaussian(Row row, double variance) {
    double sum = 0;
    for (int i = 0; i < row.width; i++) {
      row.setMean(i, row.output(i));
      if (row.isMissing(i)) {
        row.leaveOut(i);
        continue;
      }
      double scaled = row.residual(i) / variance;
      double deviance = 0.5 * row.residual(i) * scaled;
      row.gradient[row.decoded + i] = (float) scaled;
      row.setDeviance(i, deviance, 0.5);
      sum += deviance + 0.5 * Math.log(2 * Math.PI * variance);
    }
    return sum;
  }

  /** Raw log-variances stand from {@code raw} on. */
  private static double learnedVariance(Row row, int raw) {
    double floor = LearnedVarianceGaussianLikelihood.FLOOR;
    double sum = 0;
    for (int i = 0; i < row.width; i++) {
      row.setMean(i, row.output(i));
      if (row.isMissing(i)) {
        row.leaveOut(i);
        row.gradient[raw + i] = 0;
        continue;
      }
      double over = row.output[raw + i] + floor;
      double logVariance = softplus(over) - floor;
      double scaled = row.residual(i) * Math.exp(-logVariance);
      double deviance = 0.5 * row.residual(i) * scaled;
      row.gradient[row.decoded + i] = (float) scaled;
      row.gradient[raw + i] = (float) ((0.5 - deviance) * sigmoid(over));
      row.setDeviance(i, deviance, 0.5);
      sum += deviance + 0.5 * (logVariance + Math.log(2 * Math.PI));
    }
    return sum;
  }

  private static double laplace(Row row, double scale) {
    double sum = 0;
    for (int i = 0; i < row.width; i++) {
      row.setMean(i, row.output(i));
      if (row.isMissing(i)) {
        row.leaveOut(i);
        continue;
      }
      double deviance = Math.abs(row.residual(i)) / scale;
      row.gradient[row.decoded + i] = (float) (Math.signum(row.residual(i)) / scale);
      row.setDeviance(i, deviance, 1);
      sum += deviance + Math.log(2 * scale);
    }
    return sum;
  }

  /** A category of which anything is missing is missing whole; its terms stand in the first. */
  private static double categorical(Row row) {
    double normalizer = logSumExp(row);
    double whole = 0;
    double nats = 0;
    double certainty = 0;
    double expected = 0;
    for (int i = 0; i < row.width; i++) {
      double logP = row.output(i) - normalizer;
      double x = row.x[row.feature + i];
      row.setMean(i, Math.exp(logP));
      row.leaveOut(i);
      whole += x;
      nats -= x * logP;
      certainty += entropy(x);
      expected -= logP * Math.exp(logP);
    }
    if (Double.isNaN(whole)) {
      return 0;
    }
    for (int i = 0; i < row.width; i++) {
      row.gradient[row.decoded + i] =
          (float) (row.made.mean[row.feature + i] * whole - row.x[row.feature + i]);
    }
    row.setDeviance(0, nats - certainty, expected);
    return nats;
  }

  private static double logSumExp(Row row) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < row.width; i++) {
      largest = Math.max(largest, row.output(i));
    }
    double total = 0;
    for (int i = 0; i < row.width; i++) {
      total += Math.exp(row.output(i) - largest);
    }
    return largest + Math.log(total);
  }

  /** −p log p. */
  private static double entropy(double p) {
    return p > 0 ? -p * Math.log(p) : 0;
  }

  private static double softplus(double value) {
    return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
  }

  private static double sigmoid(double value) {
    return 1 / (1 + Math.exp(-value));
  }
}
