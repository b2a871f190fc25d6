package io.latentlake.nn;

import static io.latentlake.nn.AdversaryLoss.Part.FAKE;
import static io.latentlake.nn.AdversaryLoss.Part.FOOLING;
import static io.latentlake.nn.AdversaryLoss.Part.REAL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.List;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The terms whose input has other rows than the batch: gradients, closed forms and bounds. */
class StackedRowLossTest {
  private static final int BATCH = 4;
  private static final int LATENT = 2;
  private static final int FEATURES = 3;

  private record Case(RowLoss loss, int rows, int columns) {
    @Override
    public String toString() {
      return loss.name();
    }
  }

  static Case[] cases() {
    return new Case[] {
      new Case(new MixtureKl(3), BATCH + 3, 2 * LATENT),
      new Case(new AdversaryLoss(List.of(FAKE, REAL)), 2 * BATCH, 1),
      new Case(new AdversaryLoss(List.of(REAL, FAKE, FAKE, FOOLING, FOOLING)), 5 * BATCH, 1),
      new Case(new CategoricalKl(3), BATCH, 6),
      bound(new BernoulliLikelihood(), 1),
      bound(new GaussianLikelihood(0.4), 3),
      bound(new LearnedVarianceGaussianLikelihood(), 3)
    };
  }

  private static Case bound(Likelihood likelihood, int samples) {
    int columns = likelihood.outputs(FEATURES) + 3 * LATENT;
    return new Case(
        new ImportanceWeightedBound(likelihood, samples, LATENT), samples * BATCH, columns);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientMatchesFiniteDifferences(Case each) {
    INDArray output = output(each);
    INDArray x = x();
    long outputs = each.columns - 3L * LATENT;

    INDArray gradient = each.loss.gradient(output, x);

    assertEquals('c', gradient.ordering());
    assertEquals(BATCH, each.loss.rows(output, x).length());
    FiniteDifferences.assertGradient(
        output,
        gradient,
        () -> {
          double sum = each.loss.rows(output, x).sumNumber().doubleValue();
          return each.loss instanceof ImportanceWeightedBound ? sum + ownKl(output, outputs) : sum;
        });
  }

  /** What an importance-weighted bound takes off its value, and not off its gradient. */
  private static double ownKl(INDArray joined, long outputs) {
    INDArray posterior =
        joined.get(interval(0, BATCH), interval(outputs, outputs + 2L * LATENT)).dup('c');
    return new StandardNormalKl(0).rows(posterior, posterior).sumNumber().doubleValue();
  }

  @Test
  void mixtureOfOneIsThatGaussiansKl() {
    INDArray posterior = Noise.standardNormal(5, BATCH, 2 * LATENT, DataType.DOUBLE);
    INDArray standard = Nd4j.zeros(DataType.DOUBLE, 1, 2 * LATENT);

    INDArray rows = new MixtureKl(1).rows(Nd4j.concat(0, posterior, standard), posterior);

    assertArrayEquals(
        new StandardNormalKl(0).rows(posterior, posterior).toDoubleVector(),
        rows.toDoubleVector(),
        1e-12);
  }

  @Test
  void aComponentItselfCostsTheChoiceOfItAtMost() {
    // Two components far apart: q is the first, so KL = log 2.
    INDArray stacked =
        Nd4j.createFromArray(new double[][] {{0, 0, 0, 0}, {0, 0, 0, 0}, {50, 50, 0, 0}});

    assertEquals(Math.log(2), new MixtureKl(2).rows(stacked, stacked).getDouble(0), 1e-12);
  }

  @Test
  void mixtureKlBoundsTheKlFromAboveAndNotByMuch() {
    INDArray posterior = Noise.standardNormal(6, 1, 2 * LATENT, DataType.DOUBLE);
    INDArray components = Noise.standardNormal(7, 5, 2 * LATENT, DataType.DOUBLE);
    double bound =
        new MixtureKl(5).rows(Nd4j.concat(0, posterior, components), posterior).getDouble(0);
    var q = new Reparameterization(LATENT);
    var p = GaussianMixture.of(components);
    INDArray copies = Repeat.rows(posterior, 20_000);
    INDArray z = q.sample(copies, 8);
    var differences = new SummaryStatistics();
    for (double value : q.logDensity(copies, z).sub(p.logDensity(z)).toDoubleVector()) {
      differences.addValue(value);
    }
    double error = differences.getStandardDeviation() / Math.sqrt(differences.getN());

    assertTrue(bound > differences.getMean() - 4 * error, bound + " < " + differences);
    assertEquals(differences.getMean(), bound, 0.7, "within what five components can blur");
  }

  @Test
  void uniformCategoriesHaveNoDivergenceAndCertainOnesTheMost() {
    var kl = new CategoricalKl(3);
    INDArray uniform = Nd4j.ones(DataType.DOUBLE, 1, 6);
    INDArray certain = Nd4j.createFromArray(new double[][] {{90, 0, 0, 0, 90, 0}});

    assertEquals(0, kl.rows(uniform, uniform).getDouble(0), 1e-12);
    assertEquals(2 * Math.log(3), kl.rows(certain, certain).getDouble(0), 1e-9);
  }

  @Test
  void anAdversaryWhoCanTellNothingApartLosesTwoLogTwo() {
    INDArray logits = Nd4j.zeros(DataType.DOUBLE, 3 * BATCH, 1);

    for (double row :
        new AdversaryLoss(List.of(REAL, FAKE, FAKE)).rows(logits, logits).toDoubleVector()) {
      assertEquals(2 * Math.log(2), row, 1e-12);
    }
  }

  @Test
  void boundOfOneSampleIsTheElboAtThatSample() {
    var likelihood = new BernoulliLikelihood();
    Case each = bound(likelihood, 1);
    INDArray joined = output(each);
    INDArray x = x();
    INDArray output = columns(joined, 0, FEATURES);
    INDArray posterior = columns(joined, FEATURES, FEATURES + 2 * LATENT);
    INDArray z = columns(joined, FEATURES + 2 * LATENT, each.columns);
    INDArray expected =
        likelihood
            .rows(output, x)
            .sub(new StandardNormalPrior().logDensity(z))
            .add(new Reparameterization(LATENT).logDensity(posterior, z))
            .sub(new StandardNormalKl(0).rows(posterior, x));

    assertArrayEquals(expected.toDoubleVector(), each.loss.rows(joined, x).toDoubleVector(), 1e-12);
  }

  private static INDArray columns(INDArray array, int from, int to) {
    return array.get(all(), interval(from, to)).dup('c');
  }

  private static INDArray output(Case each) {
    return Noise.standardNormal(11, each.rows, each.columns, DataType.DOUBLE);
  }

  private static INDArray x() {
    return Transforms.sigmoid(Noise.standardNormal(12, BATCH, FEATURES, DataType.DOUBLE));
  }
}
