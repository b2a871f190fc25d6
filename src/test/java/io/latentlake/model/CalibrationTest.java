package io.latentlake.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.junit.jupiter.api.Test;

/** Percentiles and thresholds, against counting. */
class CalibrationTest {

  @Property(tries = 300)
  void theAnomalyScoreIsTheShareOfErrorsAtMostThisOne(
      @ForAll @Size(min = 1, max = 60) List<@FloatRange(min = -9, max = 9) Float> errors,
      @ForAll @FloatRange(min = -10, max = 10) float error) {
    Calibration calibration = calibration(errors, 0.1);
    assertEquals(share(errors, error), calibration.anomalyScore(error), 1e-9);
    assertEquals(share(errors, errors.get(0)), calibration.anomalyScore(errors.get(0)), 1e-9);
  }

  @Property(tries = 300)
  void atMostTheContaminationIsPastTheThreshold(
      @ForAll @Size(min = 1, max = 60) List<@FloatRange(min = -9, max = 9) Float> errors) {
    double contamination = 0.1;
    float threshold = calibration(errors, contamination).threshold();
    long past = errors.stream().filter(error -> error > threshold).count();
    assertTrue(past <= contamination * errors.size() + 1e-9);
    // And no lower error would do.
    long atOrPast = errors.stream().filter(error -> error >= threshold).count();
    assertTrue(atOrPast > contamination * errors.size() - 1e-9);
  }

  @Test
  void isExactForAsManyRowsAsTheSketchHolds() {
    KllFloatsSketch sketch = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    for (int i = 0; i < 60_000; i++) {
      sketch.update(i);
    }
    Calibration calibration = Calibration.of(sketch, 0.01);
    assertEquals(59_399, calibration.threshold());
    assertEquals(0.5, calibration.anomalyScore(29_999), 1e-12);
  }

  @Test
  void readsBackWhatItWrites() {
    Calibration written = calibration(List.of(1f, 2f, 2f, 5f), 0.25);
    Calibration read = Calibration.read(written.sketch(), 0.25);
    assertEquals(written.threshold(), read.threshold());
    assertEquals(0.75, read.anomalyScore(2f));
  }

  @Property(tries = 300)
  void rowsPastAScoreAreCounted(
      @ForAll @Size(min = 1, max = 60) List<@FloatRange(min = -9, max = 9) Float> errors,
      @ForAll @FloatRange(min = -10, max = 10) float error,
      @ForAll @IntRange(max = 60) int most) {
    ScoreDistribution distribution = calibration(errors, 0.1).distribution();
    assertEquals(past(errors, error), distribution.rowsPast(error));
    float lowest = distribution.scoreWithPast(most);
    assertTrue(past(errors, lowest) <= most);
    // Of the rows' own scores, any lower one has more past it.
    errors.stream().filter(e -> e < lowest).forEach(e -> assertTrue(past(errors, e) > most));
  }

  @Test
  void whatIsNoNumberIsPastEverything() {
    Calibration calibration = calibration(List.of(1f, 2f), 0.1);
    assertEquals(1, calibration.anomalyScore(Float.NaN));
    assertEquals(0, calibration.distribution().rowsPast(Float.NaN));
  }

  private static long past(List<Float> errors, float error) {
    return errors.stream().filter(e -> e > error).count();
  }

  @Test
  void refusesWhatIsNoSketch() {
    assertThrows(InvalidInputException.class, () -> Calibration.read(new byte[0], 0.1));
    assertThrows(InvalidInputException.class, () -> Calibration.read(new byte[100], 0.1));
    byte[] cut = Arrays.copyOf(calibration(List.of(1f, 2f, 3f), 0.1).sketch(), 20);
    assertThrows(InvalidInputException.class, () -> Calibration.read(cut, 0.1));
  }

  private static double share(List<Float> errors, float error) {
    return (double) errors.stream().filter(e -> e <= error).count() / errors.size();
  }

  private static Calibration calibration(List<Float> errors, double contamination) {
    KllFloatsSketch sketch = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    errors.forEach(sketch::update);
    return Calibration.of(sketch, contamination);
  }
}
