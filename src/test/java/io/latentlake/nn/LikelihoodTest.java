package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Likelihoods;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.LikelihoodSpec.Group;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * −log p(x | z) of every likelihood against values worked out by hand from the densities (Kingma
 * and Welling, arXiv 1312.6114, appendix C), and at outputs so large that a naive formula
 * overflows.
 */
class LikelihoodTest {
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private final Likelihood bernoulli = new BernoulliLikelihood();
  private final Likelihood gaussian = new GaussianLikelihood(0.25);
  private final Likelihood continuous = new ContinuousBernoulliLikelihood();
  private final Likelihood laplace = new LaplaceLikelihood(0.25);
  private final Likelihood categorical = new CategoricalLikelihood();
  private final Likelihood learned = new LearnedVarianceGaussianLikelihood();

  @Test
  void bernoulliIsTheCrossEntropyOfItsProbabilities() {
    // The probabilities of these logits are ½, ¾ and ¼.
    INDArray logits = matrix(new double[] {0, Math.log(3), -Math.log(3)});
    INDArray x = matrix(new double[] {1, 0, 0.25});
    double expected =
        -Math.log(0.5) - Math.log(0.25) - 0.25 * Math.log(0.25) - 0.75 * Math.log(0.75);

    assertArrayEquals(new double[] {expected}, values(bernoulli.rows(logits, x)), 1e-12);
    assertArrayEquals(new double[] {0.5, 0.75, 0.25}, values(bernoulli.mean(logits)), 1e-12);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void bernoulliStaysFiniteAtExtremeLogits(DataType type) {
    INDArray logits = Nd4j.createFromArray(new double[][] {{100}, {100}, {-100}, {-100}});
    INDArray x = Nd4j.createFromArray(new double[][] {{0}, {1}, {0}, {1}}).castTo(type);
    INDArray converted = logits.castTo(type);

    assertArrayEquals(
        new double[] {100, 0, 0, 100}, values(bernoulli.rows(converted, x)), 1e-4, "−log p");
    assertArrayEquals(
        new double[] {1, 0, 0, -1}, values(bernoulli.gradient(converted, x)), 1e-6, "gradient");
  }

  @Test
  void gaussianIsTheNormalDensityOfItsFixedVariance() {
    INDArray mean = Nd4j.createFromArray(new double[][] {{0.5, 4}, {1, 2}});
    INDArray x = Nd4j.createFromArray(new double[][] {{1, 2}, {1, 2}});
    // ½(0.25 + 4)/0.25 + 2·½ log(2π·0.25) = 8.5 + 0.4515827
    double[] expected = {8.9515827053, 0.4515827053};

    assertArrayEquals(expected, values(gaussian.rows(mean, x)), 1e-9);
    assertArrayEquals(values(mean), values(gaussian.mean(mean)), 0);
    assertNotSame(mean, gaussian.mean(mean));
  }

  @Test
  void learnedVarianceIsTheNormalDensityOfThatVariance() {
    // s = −12 + softplus(r + 12): r = −12 gives −12 + log 2, r = 0 gives log(1 + e⁻¹²).
    double small = Math.log(2) - 12;
    double unit = Math.log1p(Math.exp(-12));
    double residual = 2 * Math.exp(small / 2);
    INDArray output = matrix(new double[] {3 + residual, -1, -12, 0});
    INDArray x = matrix(new double[] {3, 1});
    double expected = 0.5 * (4 + small + LOG_TWO_PI + 4 * Math.exp(-unit) + unit + LOG_TWO_PI);

    assertArrayEquals(new double[] {expected}, values(learned.rows(output, x)), 1e-8);
    assertArrayEquals(new double[] {3 + residual, -1}, values(learned.mean(output)), 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void learnedVarianceIsBoundedFromBelowAndOverflowsNowhere(DataType type) {
    INDArray output = Nd4j.createFromArray(new double[][] {{1, -1000}, {1, 100}}).castTo(type);
    INDArray x = Nd4j.createFromArray(new double[][] {{1}, {1}}).castTo(type);
    double[] expected = {0.5 * (LOG_TWO_PI - 12), 0.5 * (LOG_TWO_PI + 100)};

    assertArrayEquals(expected, values(learned.rows(output, x)), 1e-4, "−log p");
    assertArrayEquals(
        new double[] {0, 0, 0, 0.5}, values(learned.gradient(output, x)), 1e-6, "gradient");
  }

  @Test
  void continuousBernoulliIsTheDensityOfItsConstant() {
    // λ = ½ is uniform; at λ = ¾, C = 2·artanh(1 − 2λ)/(1 − 2λ) = 2 log 3.
    INDArray logits = matrix(new double[] {0, Math.log(3)});
    INDArray x = matrix(new double[] {0.9, 0.2});
    double expected = -Math.log(2 * Math.log(3)) - 0.2 * Math.log(0.75) - 0.8 * Math.log(0.25);
    double mean = 0.75 / (2 * 0.75 - 1) - 1 / Math.log(3);

    assertArrayEquals(new double[] {expected}, values(continuous.rows(logits, x)), 1e-9);
    assertArrayEquals(new double[] {0.5, mean}, values(continuous.mean(logits)), 1e-9);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void continuousBernoulliStaysFiniteAtExtremeLogits(DataType type) {
    INDArray logits =
        Nd4j.createFromArray(new double[][] {{1e4}, {1e4}, {-1e4}, {-1e4}, {0}}).castTo(type);
    INDArray x = Nd4j.createFromArray(new double[][] {{0}, {1}, {0}, {1}, {1}}).castTo(type);
    double log = Math.log(1e4);

    assertArrayEquals(
        new double[] {1e4 - log, -log, -log, 1e4 - log, 0},
        values(continuous.rows(logits, x)),
        1e-3,
        "−log p");
    assertArrayEquals(
        new double[] {0.9999, -1e-4, 1e-4, -0.9999, -0.5},
        values(continuous.gradient(logits, x)),
        1e-6,
        "gradient");
  }

  @Test
  void laplaceIsTheAbsoluteErrorInUnitsOfItsScale() {
    INDArray location = Nd4j.createFromArray(new double[][] {{0.5, 4}, {1, 2}});
    INDArray x = Nd4j.createFromArray(new double[][] {{1, 2}, {1, 2}});
    // (0.5 + 2)/0.25 + 2 log(2·0.25)
    double[] expected = {10 - 2 * Math.log(2), -2 * Math.log(2)};

    assertArrayEquals(expected, values(laplace.rows(location, x)), 1e-12);
    assertArrayEquals(new double[] {-4, 4, 0, 0}, values(laplace.gradient(location, x)), 0);
    assertArrayEquals(values(location), values(laplace.mean(location)), 0);
    assertNotSame(location, laplace.mean(location));
  }

  @Test
  void categoricalIsTheCrossEntropyOfItsProbabilities() {
    // The probabilities of these logits are ½, ⅓ and ⅙, wherever the logits start.
    double[] logits = {5, 5 + Math.log(2.0 / 3), 5 - Math.log(3)};
    INDArray output = Nd4j.createFromArray(new double[][] {logits, logits});
    INDArray x = Nd4j.createFromArray(new double[][] {{0, 1, 0}, {0.5, 0.25, 0.25}});
    double shares = 0.5 * Math.log(2) + 0.25 * Math.log(3) + 0.25 * Math.log(6);
    double[] probabilities = {0.5, 1.0 / 3, 1.0 / 6, 0.5, 1.0 / 3, 1.0 / 6};

    assertArrayEquals(
        new double[] {Math.log(3), shares}, values(categorical.rows(output, x)), 1e-12);
    assertArrayEquals(probabilities, values(categorical.mean(output)), 1e-12);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void categoricalStaysFiniteAtExtremeLogits(DataType type) {
    INDArray logits = Nd4j.createFromArray(new double[][] {{1e4, 0}, {1e4, 0}}).castTo(type);
    INDArray x = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}}).castTo(type);

    assertArrayEquals(new double[] {0, 1e4}, values(categorical.rows(logits, x)), 0, "−log p");
    assertArrayEquals(
        new double[] {0, 0, 1, -1}, values(categorical.gradient(logits, x)), 0, "gradient");
  }

  /** Shared by all rows, it is best at the mean squared residual of its feature. */
  @Test
  void featureVarianceSettlesAtTheMeanSquaredResidual() {
    double raw = Math.log(Math.expm1(Math.log((0.25 + 4) / 2) + 12)) - 12;
    INDArray output = Nd4j.createFromArray(new double[][] {{0.5, raw}, {4, raw}});
    INDArray x = Nd4j.createFromArray(new double[][] {{1}, {2}});

    INDArray gradient = new FeatureVarianceGaussianLikelihood().gradient(output, x);

    assertEquals(0, gradient.getDouble(0, 1) + gradient.getDouble(1, 1), 1e-9);
    assertNotEquals(0, gradient.getDouble(0, 1), 1e-3);
  }

  @Test
  void mixedIsTheSumOfItsGroups() {
    var mixed =
        Likelihood.of(
            mixed(
                new Group(Family.GAUSSIAN_FEATURE_VARIANCE, 1),
                new Group(Family.CATEGORICAL, 2),
                new Group(Family.GAUSSIAN_LEARNED_VARIANCE, 1),
                new Group(Family.GAUSSIAN_FEATURE_VARIANCE, 1),
                new Group(Family.LAPLACE, 1)));
    // Means, logits, mean and raw variance, mean, location; and behind them the shared variances.
    INDArray output = matrix(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    INDArray x = matrix(new double[] {0.5, 0, 1, 0.4, 0.3, 0.2});
    double expected =
        value(learned, new double[] {1, 8}, 0.5)
            + value(categorical, new double[] {2, 3}, 0, 1)
            + value(learned, new double[] {4, 5}, 0.4)
            + value(learned, new double[] {6, 9}, 0.3)
            + value(new LaplaceLikelihood(0.7), new double[] {7}, 0.2);
    double odds = 1 / (1 + Math.exp(-1));

    assertEquals(9, mixed.outputs(6));
    assertEquals(2, mixed.sharedOutputs(6));
    assertArrayEquals(new double[] {expected}, values(mixed.rows(output, x)), 1e-12);
    assertArrayEquals(new double[] {1, 1 - odds, odds, 4, 6, 7}, values(mixed.mean(output)), 1e-12);
  }

  /** A term is its feature's alone; a category's stands in its first column. */
  @Test
  void featuresAreTheTermsOfTheSum() {
    var mixed =
        Likelihood.of(
            mixed(
                new Group(Family.BERNOULLI, 2),
                new Group(Family.CATEGORICAL, 2),
                new Group(Family.GAUSSIAN_FEATURE_VARIANCE, 2),
                new Group(Family.CONTINUOUS_BERNOULLI, 1),
                new Group(Family.GAUSSIAN, 1)));
    // Logits, logits, means, logit and mean; and behind them the shared variances.
    INDArray output = matrix(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    INDArray x = matrix(new double[] {1, 0, 0, 1, 0.5, 0.4, 0.3, 0.2});
    double[] expected = {
      value(bernoulli, new double[] {1}, 1),
      value(bernoulli, new double[] {2}, 0),
      value(categorical, new double[] {3, 4}, 0, 1),
      0,
      value(learned, new double[] {5, 9}, 0.5),
      value(learned, new double[] {6, 10}, 0.4),
      value(continuous, new double[] {7}, 0.3),
      value(new GaussianLikelihood(0.5), new double[] {8}, 0.2)
    };

    assertArrayEquals(expected, values(mixed.features(output, x)), 1e-12);
    assertArrayEquals(
        expected,
        values(
            new LikelihoodOfFeatures(mixed, 8)
                .features(output, Nd4j.concat(1, x, matrix(new double[] {99})))),
        1e-12,
        "a condition behind the features");
  }

  @ParameterizedTest
  @EnumSource(value = Family.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void featuresSumToTheRow(Family family) {
    Likelihood likelihood = Likelihood.of(Likelihoods.of(family, 6));
    INDArray output = Nd4j.rand(DataType.DOUBLE, 3, likelihood.outputs(6));
    INDArray x = Nd4j.createFromArray(new double[] {0.2, 0, 1, 0, 0.6, 1}).reshape(1, 6);
    INDArray rows = Nd4j.vstack(x, x, x);

    INDArray terms = likelihood.features(output, rows);

    assertArrayEquals(new long[] {3, 6}, terms.shape());
    assertArrayEquals(values(terms.sum(1)), values(likelihood.rows(output, rows)), 1e-12);
  }

  @Test
  void mixedGroupsMustCoverTheFeatures() {
    var mixed = Likelihood.of(mixed(new Group(Family.LAPLACE, 3), new Group(Family.GAUSSIAN, 4)));

    var error = assertThrows(InvalidInputException.class, () -> mixed.outputs(8));

    assertTrue(error.getMessage().contains("3 + 4 = 7"), error.getMessage());
    assertTrue(error.getMessage().contains("8 features"), error.getMessage());
  }

  @ParameterizedTest
  @EnumSource(value = Family.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void specificationChoosesTheLikelihood(Family family) {
    LikelihoodSpec spec = Likelihoods.of(family, 6);
    Likelihood likelihood = Likelihood.of(spec);

    assertEquals(family, likelihood.spec().family());
    assertEquals(spec.groups(), likelihood.spec().groups());
    assertEquals(likelihood, Likelihood.of(likelihood.spec()));
  }

  @Test
  void decoderWidthFollowsTheLikelihood() {
    assertEquals(7, bernoulli.outputs(7));
    assertEquals(7, gaussian.outputs(7));
    assertEquals(14, learned.outputs(7));
    assertEquals(14, learned.decodedOutputs(7));
    assertEquals(7, new FeatureVarianceGaussianLikelihood().decodedOutputs(7));
    assertEquals(7, new FeatureVarianceGaussianLikelihood().sharedOutputs(7));
  }

  private static LikelihoodSpec mixed(Group... groups) {
    return new LikelihoodSpec(Family.MIXED, 0.5, 0.7, List.of(groups));
  }

  private static double value(Likelihood likelihood, double[] output, double... x) {
    return likelihood.rows(matrix(output), matrix(x)).getDouble(0);
  }

  private static INDArray matrix(double[] row) {
    return Nd4j.createFromArray(new double[][] {row});
  }

  private static double[] values(INDArray array) {
    return array.ravel().toDoubleVector();
  }
}
