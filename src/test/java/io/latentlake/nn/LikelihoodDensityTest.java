package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The likelihoods that are densities, integrated numerically over a feature's range: p(x|z)
 * integrates to 1, and x·p(x|z) to the mean.
 */
class LikelihoodDensityTest {
  /** Simpson's rule takes an odd number of points, and the kink of a Laplace density is one. */
  private static final int POINTS = 40_001;

  static Stream<Arguments> densities() {
    // Around |l| = ½ the continuous Bernoulli goes from its series to its closed form.
    Stream<Arguments> unit =
        DoubleStream.of(0, 1e-9, -1e-3, 0.3, 0.499, -0.501, 0.9, -4, 12, -90)
            .mapToObj(
                logit ->
                    Arguments.of(
                        new ContinuousBernoulliLikelihood(), new double[] {logit}, 0.0, 1.0));
    return Stream.concat(
        unit,
        Stream.of(
            Arguments.of(new LaplaceLikelihood(0.3), new double[] {2}, -8.0, 12.0),
            Arguments.of(new LaplaceLikelihood(2), new double[] {-1}, -81.0, 79.0),
            Arguments.of(new GaussianLikelihood(0.3), new double[] {2}, -8.0, 12.0),
            Arguments.of(new LearnedVarianceGaussianLikelihood(), new double[] {2, 1}, -18.0, 22.0),
            Arguments.of(
                new FeatureVarianceGaussianLikelihood(), new double[] {2, -3}, -8.0, 12.0)));
  }

  @ParameterizedTest
  @MethodSource("densities")
  void integratesToOneAndToItsMean(
      Likelihood likelihood, double[] output, double low, double high) {
    INDArray x = Nd4j.linspace(low, high, POINTS, DataType.DOUBLE);
    INDArray column = x.reshape(POINTS, 1);
    INDArray outputs = Nd4j.createFromArray(new double[][] {output}).repeat(0, POINTS);

    double[] errors = likelihood.rows(outputs, column).toDoubleVector();

    double mass = 0;
    double first = 0;
    double step = (high - low) / (POINTS - 1);
    for (int i = 0; i < POINTS; i++) {
      int weight = i == 0 || i == POINTS - 1 ? 1 : 2 + 2 * (i % 2);
      double density = weight * step / 3 * Math.exp(-errors[i]);
      mass += density;
      first += density * x.getDouble(i);
    }
    double mean = likelihood.mean(outputs).getDouble(0, 0);
    assertEquals(1, mass, 1e-8);
    assertEquals(mean, first, 1e-8);
  }

  /** Integrated like the density; a continuous Bernoulli has no closed form. */
  @ParameterizedTest
  @MethodSource("densities")
  void theExpectedDevianceIsItsMean(
      Likelihood likelihood, double[] output, double low, double high) {
    assumeFalse(likelihood instanceof ContinuousBernoulliLikelihood);
    INDArray x = Nd4j.linspace(low, high, POINTS, DataType.DOUBLE).reshape(POINTS, 1);
    INDArray outputs = Nd4j.createFromArray(new double[][] {output}).repeat(0, POINTS);

    double[] errors = likelihood.rows(outputs, x).toDoubleVector();
    double[] deviances =
        likelihood
            .features(outputs, x)
            .sub(likelihood.saturated(outputs, x))
            .reshape(POINTS)
            .toDoubleVector();

    double mean = 0;
    for (int i = 0; i < POINTS; i++) {
      int weight = i == 0 || i == POINTS - 1 ? 1 : 2 + 2 * (i % 2);
      mean += weight * (high - low) / (POINTS - 1) / 3 * Math.exp(-errors[i]) * deviances[i];
    }
    assertEquals(likelihood.expectedDeviance(outputs).getDouble(0, 0), mean, 1e-6);
    assertTrue(DoubleStream.of(deviances).allMatch(deviance -> deviance >= -1e-9));
  }

  @Test
  void theExpectedDevianceOfEventsIsTheirEntropy() {
    INDArray logits = Nd4j.createFromArray(new double[][] {{1, -2}});
    double first = 1 / (1 + Math.exp(-1));
    double second = 1 / (1 + Math.exp(2));
    assertArrayEquals(
        new double[] {entropy(first, 1 - first), entropy(second, 1 - second)},
        new BernoulliLikelihood().expectedDeviance(logits).toDoubleVector(),
        1e-12);
    double odds = Math.exp(1) / (Math.exp(1) + Math.exp(-2));
    assertArrayEquals(
        new double[] {entropy(odds, 1 - odds), 0},
        new CategoricalLikelihood().expectedDeviance(logits).toDoubleVector(),
        1e-12);
  }

  /** Where the decoder gives the row itself, there is no deviance. */
  @Test
  void aRowThatIsMetExactlyHasNone() {
    INDArray x = Nd4j.createFromArray(new double[][] {{0.3, 0.7}});
    INDArray logits = Transforms.log(x.div(x.rsub(1)), true);
    assertEquals(0, deviance(new BernoulliLikelihood(), logits, x), 1e-12);
    assertEquals(0, deviance(new CategoricalLikelihood(), Transforms.log(x, true), x), 1e-12);
    assertEquals(0, deviance(new GaussianLikelihood(0.3), x, x), 1e-12);
    assertEquals(0, deviance(new LaplaceLikelihood(0.3), x, x), 1e-12);
    INDArray both = Nd4j.createFromArray(new double[][] {{0.3, 0.7, -1, 2}});
    assertEquals(0, deviance(new LearnedVarianceGaussianLikelihood(), both, x), 1e-12);
    // Its value meets the limits, where p log p is 0.
    INDArray certain = Nd4j.createFromArray(new double[][] {{0, 1}});
    INDArray far = Nd4j.createFromArray(new double[][] {{-60, 60}});
    assertEquals(0, deviance(new BernoulliLikelihood(), far, certain), 1e-12);
  }

  private static double deviance(Likelihood likelihood, INDArray output, INDArray x) {
    return likelihood
        .features(output, x)
        .sub(likelihood.saturated(output, x))
        .sumNumber()
        .doubleValue();
  }

  private static double entropy(double... p) {
    return DoubleStream.of(p).map(each -> -each * Math.log(each)).sum();
  }
}
