package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.model.Calibration;
import io.latentlake.model.LatentDistribution;
import java.util.List;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Divergences that can be worked out by hand. */
class DriftTest {
  private static final int ROWS = 10_000;

  /** Training scores of 0 to 9,999. */
  private static Calibration calibration() {
    KllFloatsSketch sketch = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    for (int i = 0; i < ROWS; i++) {
      sketch.update(i);
    }
    return Calibration.of(sketch, 0.01);
  }

  private static Dataset<Row> scored(String... columns) {
    return SharedSpark.session().range(0, ROWS, 1, 3).selectExpr(columns);
  }

  @Test
  void theTrainingRowsThemselvesHaveNotMoved() {
    Drift drift = Drift.of(scored("cast(id as double) as raw_score"), calibration());
    assertEquals(ROWS, drift.rows());
    assertEquals(0, drift.score(), 1e-4);
    assertEquals(0.01, drift.flagged(), 1e-9);
    assertEquals(0.01, drift.trainingFlagged(), 1e-9);
    assertEquals(drift.score(), drift.largest());
  }

  @Test
  void theStabilityIndexIsItsFormula() {
    // Of each ten rows of the lower half, six: those deciles have 6 % each, the upper ones 14 %.
    Drift drift =
        Drift.of(
            scored("cast(if(id < 5000 and id % 10 >= 6, id + 5000, id) as double) as raw_score"),
            calibration());
    double index = 5 * (0.06 - 0.1) * Math.log(0.6) + 5 * (0.14 - 0.1) * Math.log(1.4);
    assertEquals(index, drift.score(), 1e-3);
  }

  @Test
  void rowsAllPastTheTrainingRowsStayFinite() {
    Drift drift = Drift.of(scored("1e6D as raw_score"), calibration());
    double index = 9 * (1e-4 - 0.1) * Math.log(1e-3) + 0.9 * Math.log(10);
    assertEquals(index, drift.score(), 1e-3);
    assertEquals(1, drift.flagged());
  }

  @Test
  void trainingScoresThatAreAllAlikeMakeOneBin() {
    KllFloatsSketch sketch = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    for (int i = 0; i < 100; i++) {
      sketch.update(3);
    }
    Calibration alike = Calibration.of(sketch, 0.01);
    assertEquals(0, Drift.of(scored("3D as raw_score"), alike).score(), 1e-9);
    assertTrue(Drift.of(scored("4D as raw_score"), alike).score() > 1);
  }

  @Test
  void latentDimensionsDivergeAsGaussiansDo() {
    // Training: means 0 and 1, variances 1 and 4, a covariance of 0.5.
    LatentDistribution latents =
        LatentDistribution.of(100, new double[] {0, 1}, new double[][] {{100, 50}, {50, 400}});
    // Scored: ±1 about 0.5, so a variance of 1; ±4 about 1, so one of 16.
    Dataset<Row> scored =
        scored(
            "cast(id as double) as raw_score",
            "array(float(if(id % 2 = 0, 1.5, -0.5)), float(if(id % 2 = 0, 5, -3))) as latent");

    Drift drift = Drift.of(scored, calibration().withLatents(latents));

    List<Double> divergences = drift.latents();
    assertEquals(2, divergences.size());
    // A hundredth is added to each variance.
    assertEquals(0.25 / 1.01, divergences.get(0), 1e-4);
    assertEquals((4.01 / 16.01 + 16.01 / 4.01 - 2) / 2, divergences.get(1), 1e-4);
    assertEquals(divergences.get(1), drift.largest());
  }

  @Test
  void aLatentDimensionThatNothingUsesDoesNotDiverge() {
    // A variance of 1e-5 in training and of 4e-5 now: both are none, beside the prior's 1.
    LatentDistribution latents =
        LatentDistribution.of(100, new double[] {0}, new double[][] {{1e-3}});
    Dataset<Row> scored =
        scored(
            "cast(id as double) as raw_score",
            "array(float(if(id % 2 = 0, 0.0063, -0.0063))) as latent");
    assertEquals(0, Drift.of(scored, calibration().withLatents(latents)).latents().get(0), 1e-4);
  }
}
