package io.latentlake.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.model.ScoreDistribution;
import java.util.Optional;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The picture of raw scores, whatever the scores. */
class ScoreDiagramTest {

  /** A hundred rows of these scores in equal parts, and one of each other. */
  private static ScoreDistribution scores(float from, float to, float... others) {
    KllFloatsSketch sketch = KllFloatsSketch.newHeapInstance();
    for (int i = 0; i < 100; i++) {
      sketch.update(from + (to - from) * i / 99);
    }
    for (float other : others) {
      sketch.update(other);
    }
    return ScoreDistribution.of(sketch);
  }

  /** A feature of 1e20 has a square, and so a score, that is infinite. */
  @ParameterizedTest
  @CsvSource({
    "1, 10, 9, Infinity",
    "1, 10, Infinity, Infinity",
    "0, 10, 1, Infinity",
    "-5, 10, -4, 3e38",
    "0, 0, 0, 3e38",
    "1e-30, 1, 0.5, 3e38",
    "3, 3, 3, 3"
  })
  void itHasAPlaceForAll(float from, float to, double threshold, float other) {
    ScoreDistribution training = scores(from, to);
    String svg =
        ScoreDiagram.of(training, Optional.of(scores(from, to, other, other)), threshold, "").svg();
    assertFalse(svg.contains("\"NaN\"") || svg.contains("NaN "), svg);
    assertFalse(svg.contains("\"Infinity\""), svg);
    assertTrue(svg.contains("class=\"tick\""), svg);
  }
}
