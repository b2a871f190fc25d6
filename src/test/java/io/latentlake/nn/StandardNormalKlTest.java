package io.latentlake.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * KL(q ‖ N(0, I)) against values worked out by hand from ½(σ² + μ² − 1 − log σ²), and against its
 * definition E_q[log q − log p], estimated by sampling.
 */
class StandardNormalKlTest {
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  /** μ₁, μ₂, log σ₁², log σ₂² of three rows. */
  private static final double[][] POSTERIOR = {
    {0.5, -2, Math.log(4), 0}, {0, 1, -2, 1}, {0.3, -0.4, -0.7, 0.2}
  };

  private final StandardNormalKl kl = new StandardNormalKl(0);

  @Test
  void closedFormMatchesValuesWorkedOutByHand() {
    // row 0: ½(4 + ¼ − 1 − log 4) + ½·4; row 1: ½(e⁻² − 1 + 2) + ½(e + 1 − 1 − 1);
    // row 2: ½(0.49658530 + 0.09 − 1 + 0.7) + ½(1.22140276 + 0.16 − 1 − 0.2)
    double[] expected = {2.9318528194, 1.4268085558, 0.2339940334};

    assertArrayEquals(expected, rows(Nd4j.createFromArray(POSTERIOR)), 1e-8);
  }

  @Test
  void closedFormInSinglePrecisionMatchesToo() {
    INDArray posterior = Nd4j.createFromArray(POSTERIOR).castTo(DataType.FLOAT);

    assertArrayEquals(new double[] {2.93185282, 1.42680856, 0.23399403}, rows(posterior), 1e-6);
  }

  @Test
  void priorItselfHasNoDivergence() {
    assertArrayEquals(
        new double[] {0, 0}, rows(Nd4j.zeros(DataType.DOUBLE, 2, 6)), 0, "KL(p ‖ p) = 0");
  }

  @Test
  void closedFormMatchesMonteCarlo() {
    double[] closed = rows(Nd4j.createFromArray(POSTERIOR));
    for (int row = 0; row < POSTERIOR.length; row++) {
      assertMatchesSampling(closed[row], POSTERIOR[row]);
    }
  }

  private static void assertMatchesSampling(double closed, double[] posterior) {
    int samples = 400_000;
    int latent = posterior.length / 2;
    var random = new Random(7);
    double sum = 0;
    double squares = 0;
    for (int sample = 0; sample < samples; sample++) {
      double difference = 0;
      for (int i = 0; i < latent; i++) {
        double mean = posterior[i];
        double logVariance = posterior[latent + i];
        double z = mean + Math.exp(logVariance / 2) * random.nextGaussian();
        difference += logNormal(z, mean, logVariance) - logNormal(z, 0, 0);
      }
      sum += difference;
      squares += difference * difference;
    }
    double estimate = sum / samples;
    double error = Math.sqrt((squares / samples - estimate * estimate) / samples);
    assertTrue(error < 0.01 * closed, "too few samples to tell anything: " + error);
    assertEquals(estimate, closed, 5 * error);
  }

  private static double logNormal(double z, double mean, double logVariance) {
    return -0.5 * (LOG_TWO_PI + logVariance + Math.pow(z - mean, 2) / Math.exp(logVariance));
  }

  private double[] rows(INDArray posterior) {
    return kl.rows(posterior, posterior).toDoubleVector();
  }
}
