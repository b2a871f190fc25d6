package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.model.LatentDistribution;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.junit.jupiter.api.Test;

/** Mean and covariance in one pass, against those of two. */
class LatentMomentsTest {
  private static final int ROWS = 500;
  private static final int LATENT = 3;

  /** Three dimensions that hang together, a million deviations from 0. */
  private static float[] latents() {
    var random = new SplittableRandom(5);
    var latents = new float[ROWS * LATENT];
    for (int row = 0; row < ROWS; row++) {
      double common = random.nextGaussian();
      for (int i = 0; i < LATENT; i++) {
        latents[row * LATENT + i] = (float) (1e4 * (i + 1) + common + 0.5 * random.nextGaussian());
      }
    }
    return latents;
  }

  private static LatentMoments moments(float[] latents, int from, int to) {
    var moments = new LatentMoments(LATENT);
    moments.add(Arrays.copyOfRange(latents, from * LATENT, to * LATENT), to - from);
    return moments;
  }

  @Test
  void areThoseOfTwoPasses() {
    float[] latents = latents();
    var table = new double[ROWS][LATENT];
    for (int i = 0; i < latents.length; i++) {
      table[i / LATENT][i % LATENT] = latents[i];
    }
    double[][] covariance = new Covariance(table, false).getCovarianceMatrix().getData();
    LatentDistribution whole = moments(latents, 0, ROWS).distribution();
    LatentDistribution merged =
        moments(latents, 0, 7)
            .plus(new LatentMoments(LATENT))
            .plus(moments(latents, 7, 300))
            .plus(moments(latents, 300, ROWS))
            .distribution();
    for (LatentDistribution found : new LatentDistribution[] {whole, merged}) {
      for (int i = 0; i < LATENT; i++) {
        int dimension = i;
        double mean =
            Arrays.stream(table).mapToDouble(row -> row[dimension]).average().orElseThrow();
        assertEquals(mean, found.means()[i], 1e-9 * mean);
        assertEquals(covariance[i][i], found.variances()[i], 1e-5);
      }
    }
  }

  /** One of them says what another says: there is no inverse, but for what is added. */
  @Test
  void haveADistributionWhereADimensionIsTheSameAsAnother() {
    var random = new SplittableRandom(6);
    var latents = new float[ROWS * LATENT];
    for (int row = 0; row < ROWS; row++) {
      float value = (float) (1e5 * random.nextGaussian());
      Arrays.fill(latents, row * LATENT, (row + 1) * LATENT, value);
    }
    LatentDistribution found = moments(latents, 0, ROWS).distribution();
    assertEquals(0, found.distance(floats(found.means()), 0), 1);
    assertArrayEquals(
        new double[] {1, 1, 1},
        Arrays.stream(found.variances()).map(variance -> variance / 1e10).toArray(),
        0.2);
  }

  private static float[] floats(double[] values) {
    var floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
