package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.LikelihoodSpec.Group;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Every term of −ELBO: its gradient against central finite differences in double precision, and
 * what DL4J asks of a loss function against the term's own rows.
 */
class RowLossTest {
  private static final int ROWS = 5;
  private static final int FEATURES = 4;
  private static final LikelihoodSpec MIXED =
      new LikelihoodSpec(
          Family.MIXED,
          0.4,
          0.6,
          List.of(
              new Group(Family.GAUSSIAN_FEATURE_VARIANCE, 1),
              new Group(Family.CATEGORICAL, 2),
              new Group(Family.LAPLACE, 1)));

  static RowLoss[] losses() {
    return new RowLoss[] {
      new BernoulliLikelihood(),
      new GaussianLikelihood(0.4),
      new LearnedVarianceGaussianLikelihood(),
      new FeatureVarianceGaussianLikelihood(),
      new ContinuousBernoulliLikelihood(),
      new LaplaceLikelihood(0.4),
      new CategoricalLikelihood(),
      new MixedLikelihood(MIXED),
      new StandardNormalKl(0)
    };
  }

  static Stream<Likelihood> likelihoods() {
    return Stream.of(losses()).filter(Likelihood.class::isInstance).map(Likelihood.class::cast);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void gradientMatchesFiniteDifferences(RowLoss loss) {
    INDArray output = output(loss);
    INDArray x = x();

    INDArray gradient = loss.gradient(output, x);

    FiniteDifferences.assertGradient(
        output, gradient, () -> loss.rows(output, x).sumNumber().doubleValue());
    assertEquals('c', gradient.ordering());
  }

  @ParameterizedTest
  @MethodSource("likelihoods")
  void meanGradientMatchesFiniteDifferences(Likelihood likelihood) {
    INDArray output = output(likelihood);
    // One logit in the series of the continuous Bernoulli around 0, and one far beyond it.
    output.putScalar(0, 0, 0.3);
    output.putScalar(1, 0, -20);
    INDArray weights = Noise.standardNormal(13, ROWS, FEATURES, DataType.DOUBLE);

    INDArray gradient = likelihood.meanGradient(output, weights);

    FiniteDifferences.assertGradient(
        output, gradient, () -> likelihood.mean(output).mul(weights).sumNumber().doubleValue());
    assertEquals('c', gradient.ordering());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void termsOfARowDependOnThatRowAlone(RowLoss loss) {
    INDArray output = output(loss);
    INDArray x = x();
    double[] rows = loss.rows(output, x).toDoubleVector();

    assertEquals(ROWS, rows.length);
    for (int row = 0; row < ROWS; row++) {
      INDArray alone = loss.rows(output.getRow(row, true), x.getRow(row, true));
      assertEquals(alone.getDouble(0), rows[row], 1e-12);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void neitherArgumentChanges(RowLoss loss) {
    INDArray output = output(loss);
    INDArray x = x();

    loss.rows(output, x);
    loss.gradient(output, x);

    assertEquals(output(loss), output);
    assertEquals(x(), x);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void scoresOfDl4jComeFromTheRows(RowLoss loss) {
    INDArray output = output(loss);
    INDArray x = x();
    var identity = new ActivationIdentity();
    double[] rows = loss.rows(output, x).toDoubleVector();
    double sum = 0;
    for (double row : rows) {
      sum += row;
    }

    assertEquals(sum, loss.computeScore(x, output, identity, null, false), 1e-9);
    assertEquals(sum / ROWS, loss.computeScore(x, output, identity, null, true), 1e-9);
    INDArray each = loss.computeScoreArray(x, output, identity, null);
    assertArrayEquals(new long[] {ROWS, 1}, each.shape());
    assertArrayEquals(rows, each.ravel().toDoubleVector(), 0);
    var both = loss.computeGradientAndScore(x, output, identity, null, true);
    assertEquals(sum / ROWS, both.getFirst(), 1e-9);
    assertEquals(loss.gradient(output, x), both.getSecond());
    assertEquals(loss.gradient(output, x), loss.computeGradient(x, output, identity, null));
  }

  /** DL4J compares configurations, and the loss functions in them, by value. */
  @Test
  void lossesAreEqualByValue() {
    RowLoss[] one = losses();
    RowLoss[] again = losses();
    for (int i = 0; i < one.length; i++) {
      for (int j = 0; j < again.length; j++) {
        assertEquals(i == j, one[i].equals(again[j]), one[i].name() + ", " + again[j].name());
      }
      assertEquals(one[i].hashCode(), again[i].hashCode());
    }
    assertNotEquals(new GaussianLikelihood(0.5), new GaussianLikelihood(0.4));
    assertNotEquals(new LaplaceLikelihood(0.5), new LaplaceLikelihood(0.4));
    var other = new LikelihoodSpec(Family.MIXED, 0.4, 0.6, MIXED.groups().subList(0, 2));
    assertNotEquals(new MixedLikelihood(other), new MixedLikelihood(MIXED));
  }

  private static INDArray output(RowLoss loss) {
    int columns = loss instanceof Likelihood likelihood ? likelihood.outputs(FEATURES) : 6;
    return Noise.standardNormal(11, ROWS, columns, DataType.DOUBLE);
  }

  /** In (0, 1), where every likelihood has a value. */
  private static INDArray x() {
    return Transforms.sigmoid(Noise.standardNormal(12, ROWS, FEATURES, DataType.DOUBLE));
  }
}
