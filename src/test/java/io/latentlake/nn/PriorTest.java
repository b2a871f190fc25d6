package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.spec.CategoriesSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Densities integrate to 1 and belong to the draws. */
class PriorTest {
  static Prior[] continuous() {
    return new Prior[] {
      new StandardNormalPrior(),
      GaussianMixture.ring(5, 2),
      GaussianMixture.of(Noise.standardNormal(3, 4, 4, DataType.FLOAT))
    };
  }

  @ParameterizedTest
  @MethodSource("continuous")
  void densityIntegratesToOne(Prior prior) {
    int side = 121;
    double step = 0.2;
    var points = new double[side * side][2];
    for (int i = 0; i < points.length; i++) {
      points[i][0] = step * (i / side - side / 2);
      points[i][1] = step * (i % side - side / 2);
    }

    double sum = 0;
    for (double log : prior.logDensity(Nd4j.createFromArray(points)).toDoubleVector()) {
      sum += Math.exp(log) * step * step;
    }

    assertEquals(1, sum, 1e-3);
  }

  /** The mean of log p over draws is minus the entropy, which the density alone gives as well. */
  @ParameterizedTest
  @MethodSource("continuous")
  void drawsBelongToTheDensity(Prior prior) {
    INDArray z = prior.sample(50_000, 2, 9).castTo(DataType.DOUBLE);
    int side = 121;
    double step = 0.2;
    var points = new double[side * side][2];
    for (int i = 0; i < points.length; i++) {
      points[i][0] = step * (i / side - side / 2);
      points[i][1] = step * (i % side - side / 2);
    }
    double expected = 0;
    for (double log : prior.logDensity(Nd4j.createFromArray(points)).toDoubleVector()) {
      expected += Math.exp(log) * log * step * step;
    }

    assertEquals(expected, prior.logDensity(z).meanNumber().doubleValue(), 0.03);
  }

  @Test
  void categoriesAreEquallyProbable() {
    var prior = new CategoricalPrior(4);
    INDArray z = prior.sample(8000, 8, 3);

    assertEquals(8000, z.sum(1).eq(2).castTo(DataType.FLOAT).sumNumber().intValue());
    for (double share : z.mean(0).toDoubleVector()) {
      assertEquals(0.25, share, 5 * Math.sqrt(0.25 * 0.75 / 8000));
    }
    assertEquals(-2 * Math.log(4), prior.logDensity(z).getDouble(0), 1e-6);
  }

  @Test
  void gumbelDrawsFollowTheLogits() {
    var spec = new CategoriesSpec(3, 1, 0.5, 10, false);
    var latent = new GumbelSoftmax(1, spec);
    double[] probabilities = {0.7, 0.2, 0.1};
    INDArray logits =
        Nd4j.createFromArray(new double[][] {{Math.log(0.7), Math.log(0.2), Math.log(0.1)}});

    INDArray z = latent.sample(Repeat.rows(logits, 20_000), 4);

    double[] shares = z.mean(0).toDoubleVector();
    for (int i = 0; i < 3; i++) {
      assertEquals(probabilities[i], shares[i], 5 * Math.sqrt(0.25 / 20_000));
    }
    assertEquals(Math.log(0.7), latent.logDensity(logits, latent.mean(logits)).getDouble(0), 1e-9);
  }
}
