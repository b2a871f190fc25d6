package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.TrainSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rate rises over the warm-up, stays, and falls over the cool-down. */
class LearningRateTest {
  @Test
  void staysWhereNothingIsAskedFor() {
    var rate = new LearningRate(0.5, 0, 0);
    assertEquals(0.5, rate.at(0, 0));
    assertEquals(0.5, rate.at(1_000_000, 1));
  }

  @Test
  void risesOverTheWarmUp() {
    var rate = new LearningRate(1, 4, 0);
    assertEquals(0.25, rate.at(0, 0));
    assertEquals(1, rate.at(3, 0.1));
    assertEquals(1, rate.at(9, 0.9));
  }

  @Test
  void fallsToZeroOverTheCoolDown() {
    var rate = new LearningRate(2, 0, 0.4);
    assertEquals(2, rate.at(10, 0.599));
    assertEquals(1, rate.at(10, 0.8), 0.01);
    assertTrue(rate.at(10, 0.9995) > 0);
    assertTrue(rate.at(10, 0.9995) < 0.01);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void isRefusedOutsideTheRun(double share) {
    assertThrows(InvalidInputException.class, () -> spec(Map.of("train.cool-down", share)));
  }

  @Test
  void aTrainingMasterRefusesACoolDown() {
    TrainSpec cooling = spec(Map.of("train.cool-down", 0.5));
    assertThrows(InvalidInputException.class, () -> new ShardAveragingMaster(cooling));
    assertThrows(
        InvalidInputException.class,
        () -> spec(Map.of("train.cool-down", 0.5, "train.master", "stock")));
  }

  private static TrainSpec spec(Map<String, ?> settings) {
    return Tables.configuration(settings).train();
  }
}
