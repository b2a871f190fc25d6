package io.latentlake.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.model.Calibration;
import io.latentlake.model.ScoreDistribution;
import io.latentlake.spec.InvalidInputException;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.junit.jupiter.api.Test;

/** Tails whose quantiles are known, from samples that don't reach as far. */
class PeaksOverThresholdTest {
  /** Of a row past the quantile, in samples of 50,000 and fewer. */
  private static final double RARE = 1e-6;

  /** The quantiles of so many evenly spaced probabilities: a sample without chance. */
  private static ScoreDistribution ideal(int rows, DoubleUnaryOperator scoreWithPast) {
    KllFloatsSketch sketch = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    for (int i = 0; i < rows; i++) {
      sketch.update((float) scoreWithPast.applyAsDouble((i + 0.5) / rows));
    }
    return ScoreDistribution.of(sketch);
  }

  private static ScoreDistribution drawn(int rows, long seed, DoubleUnaryOperator scoreWithPast) {
    var random = new Random(seed);
    return ideal(rows, ignored -> scoreWithPast.applyAsDouble(1 - random.nextDouble()));
  }

  @Test
  void anExponentialTailHasShapeZeroAndItsOwnScale() {
    PeaksOverThreshold tail = PeaksOverThreshold.fit(ideal(50_000, past -> 3 - 2 * Math.log(past)));

    assertEquals(0.02, tail.share(), 1e-9);
    assertEquals(3 - 2 * Math.log(0.02), tail.start(), 0.01);
    assertEquals(0, tail.shape(), 0.01);
    assertEquals(2, tail.scale(), 0.02);
    assertEquals(3 - 2 * Math.log(RARE), tail.quantile(RARE), 0.02 * (3 - 2 * Math.log(RARE)));
  }

  @Test
  void aParetoTailHasTheReciprocalOfItsIndexForShape() {
    double index = 4;
    PeaksOverThreshold tail =
        PeaksOverThreshold.fit(ideal(50_000, past -> Math.pow(past, -1 / index)));

    assertEquals(1 / index, tail.shape(), 0.02);
    double truth = Math.pow(RARE, -1 / index);
    assertEquals(truth, tail.quantile(RARE), 0.1 * truth);
  }

  @Test
  void aUniformTailEndsWhereItEnds() {
    PeaksOverThreshold tail = PeaksOverThreshold.fit(ideal(50_000, past -> 1 - past));

    assertEquals(-1, tail.shape(), 0.02);
    assertEquals(1, tail.quantile(1e-12), 1e-3);
  }

  @Test
  void samplesOfTwentyThousandRowsComeNear() {
    double errors = 0;
    int samples = 20;
    double truth = -Math.log(1e-5);
    for (int seed = 0; seed < samples; seed++) {
      var tail = PeaksOverThreshold.fit(drawn(20_000, seed, past -> -Math.log(past)));
      errors += Math.abs(tail.quantile(1e-5) - truth) / truth / samples;
    }
    assertTrue(errors < 0.15, "mean relative error " + errors);
  }

  @Test
  void aFewHundredRowsHaveATailOfAHundred() {
    PeaksOverThreshold tail = PeaksOverThreshold.fit(ideal(800, past -> -Math.log(past)));

    assertEquals(0.125, tail.share(), 1e-9);
    assertEquals(-Math.log(1e-4), tail.quantile(1e-4), 1);
  }

  @Test
  void aSketchThatHasMergedRowsGivesTheSameTail() {
    PeaksOverThreshold exact = PeaksOverThreshold.fit(ideal(60_000, past -> -Math.log(past)));
    PeaksOverThreshold merged = PeaksOverThreshold.fit(ideal(2_000_000, past -> -Math.log(past)));

    assertEquals(exact.shape(), merged.shape(), 0.03);
    assertEquals(exact.quantile(RARE), merged.quantile(RARE), 0.05 * exact.quantile(RARE));
  }

  @Test
  void tooFewRowsAndRowsAllAlikeAreRefused() {
    var few =
        assertThrows(
            InvalidInputException.class,
            () -> PeaksOverThreshold.fit(ideal(50, past -> -Math.log(past))));
    assertTrue(few.getMessage().contains("10 of 50 rows"), few.getMessage());
    assertThrows(
        InvalidInputException.class, () -> PeaksOverThreshold.fit(ideal(10_000, past -> 1)));
    assertThrows(
        InvalidInputException.class,
        () -> PeaksOverThreshold.fit(ideal(10_000, past -> past < 0.01 ? 2 : 1)));
  }
}
