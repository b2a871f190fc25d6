package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.Likelihoods;
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

/** What is missing has no part in −log p, in its gradient and in the residual. */
class MaskedLikelihoodTest {
  private static final double NAN = Double.NaN;
  private static final int FEATURES = 6;

  /** Under the mixture, the first number and the third's category are missing; a bit is, too. */
  private static final double[][] ROWS = {
    {NAN, 0, 1, 0, 0.6, 1}, {0.2, 0, NAN, 0, 0.6, 1}, {0.2, 1, 0, 0, 0.6, NAN}, {0, 1, 0, 0, 1, 0}
  };

  private final INDArray x = Nd4j.createFromArray(ROWS);

  private static INDArray output(Likelihood likelihood) {
    return Noise.standardNormal(5, ROWS.length, likelihood.outputs(FEATURES), DataType.DOUBLE);
  }

  @ParameterizedTest
  @EnumSource(value = Family.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void gradientMatchesFiniteDifferences(Family family) {
    var masked = new MaskedLikelihood(Likelihood.of(Likelihoods.of(family, FEATURES)));
    INDArray output = output(masked);

    INDArray gradient = masked.gradient(output, x);

    assertTrue(Double.isFinite(gradient.sumNumber().doubleValue()));
    FiniteDifferences.assertGradient(
        output, gradient, () -> masked.rows(output, x).sumNumber().doubleValue());
  }

  @ParameterizedTest
  @EnumSource(value = Family.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void changesNothingWhereNothingIsMissing(Family family) {
    Likelihood whole = Likelihood.of(Likelihoods.of(family, FEATURES));
    var masked = new MaskedLikelihood(whole);
    INDArray output = output(whole);
    INDArray present = Nd4j.rand(DataType.DOUBLE, ROWS.length, FEATURES);

    assertEquals(whole.features(output, present), masked.features(output, present));
    assertEquals(whole.gradient(output, present), masked.gradient(output, present));
    assertEquals(whole.residual(output, present), masked.residual(output, present));
  }

  @Test
  void theRestOfTheRowKeepsItsTerms() {
    Likelihood whole = Likelihood.of(Likelihoods.of(Family.MIXED, FEATURES));
    var masked = new MaskedLikelihood(whole);
    INDArray output = output(whole);
    double[][] filled = {
      {9, 0, 1, 0, 0.6, 1}, {0.2, 0, 1, 0, 0.6, 1}, {0.2, 1, 0, 0, 0.6, 1}, {0, 1, 0, 0, 1, 0}
    };
    INDArray expected = whole.features(output, Nd4j.createFromArray(filled));
    expected.putScalar(0, 0, 0);
    expected.putScalar(1, 1, 0); // where the category's term stands
    expected.putScalar(2, 5, 0);

    assertArrayEquals(
        expected.ravel().toDoubleVector(),
        masked.features(output, x).ravel().toDoubleVector(),
        1e-12);
    for (INDArray terms :
        new INDArray[] {masked.saturated(output, x), masked.expectedDeviance(output, x)}) {
      assertEquals(0, terms.getDouble(0, 0));
      assertEquals(0, terms.getDouble(1, 1));
      assertEquals(0, terms.getDouble(2, 5));
    }
    assertEquals(
        whole.expectedDeviance(output).getRow(3), masked.expectedDeviance(output, x).getRow(3));
  }

  /** Not a row's loss of 0, which would hide it. */
  @Test
  void aDivergedNetworkStillGivesNaN() {
    var gaussians =
        new LikelihoodSpec(Family.MIXED, 1, 1, List.of(new Group(Family.GAUSSIAN, FEATURES)));
    var masked = new MaskedLikelihood(Likelihood.of(gaussians));
    INDArray output = output(masked);
    output.putScalar(0, 0, NAN); // of a feature that is missing
    output.putScalar(3, 2, Double.POSITIVE_INFINITY);

    double[] rows = masked.rows(output, x).toDoubleVector();

    assertTrue(Double.isNaN(rows[0]));
    assertTrue(Double.isFinite(rows[1]));
    assertTrue(Double.isNaN(rows[3]));
  }
}
