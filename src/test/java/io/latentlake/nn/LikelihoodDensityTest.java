package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
}
