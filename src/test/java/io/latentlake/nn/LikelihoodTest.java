package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
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
  void decoderWidthFollowsTheLikelihood() {
    assertEquals(7, bernoulli.outputs(7));
    assertEquals(7, gaussian.outputs(7));
    assertEquals(14, learned.outputs(7));
  }

  @Test
  void specificationChoosesTheLikelihood() {
    assertInstanceOf(BernoulliLikelihood.class, Likelihood.of(spec(Family.BERNOULLI)));
    assertInstanceOf(
        LearnedVarianceGaussianLikelihood.class,
        Likelihood.of(spec(Family.GAUSSIAN_LEARNED_VARIANCE)));
    var fixed = assertInstanceOf(GaussianLikelihood.class, Likelihood.of(spec(Family.GAUSSIAN)));
    assertEquals(0.3, fixed.getVariance());
  }

  private static LikelihoodSpec spec(Family family) {
    return new LikelihoodSpec(family, 0.3);
  }

  private static INDArray matrix(double[] row) {
    return Nd4j.createFromArray(new double[][] {row});
  }

  private static double[] values(INDArray array) {
    return array.ravel().toDoubleVector();
  }
}
