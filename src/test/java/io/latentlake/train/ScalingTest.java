package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.spec.OuterSpec;
import io.latentlake.spec.TrainSpec;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from the number of workers. */
class ScalingTest {

  @Test
  void oneWorkerGetsWhatWasAskedFor() {
    TrainSpec resolved = Scaling.resolve(spec(1, 128, true));
    assertEquals(128, resolved.batchSize());
    assertEquals(0.001, resolved.updater().learningRate());
    assertEquals(0, resolved.warmUp());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 64, 1000})
  void moreWorkersTakeSmallerBatchesAtAHigherRate(int workers) {
    TrainSpec resolved = Scaling.resolve(spec(workers, 128, true));
    assertTrue(resolved.batchSize() < 128 && resolved.batchSize() >= 32);
    assertTrue(resolved.updater().learningRate() > 0.001);
    assertTrue(resolved.warmUp() > 0);
    assertEquals(workers, resolved.workers());
  }

  @Test
  void momentumIsForManyWorkersThatAreAveragedRarely() {
    TrainSpec many = spec(8, 128, true);
    assertEquals(OuterSpec.PLAIN, Scaling.resolve(spec(4, 128, true)).outer());
    assertTrue(Scaling.resolve(many).outer().momentum() > 0);
    TrainSpec often =
        Tables.configuration(Map.of("train.workers", 8, "train.averaging-frequency", 8)).train();
    assertEquals(OuterSpec.PLAIN, Scaling.resolve(often).outer());
    TrainSpec asked =
        Tables.configuration(Map.of("train.workers", 8, "train.outer.momentum", 0.2)).train();
    assertEquals(0.2, Scaling.resolve(asked).outer().momentum());
  }

  @Test
  void aSmallBatchIsNotMadeLarger() {
    assertEquals(4, Scaling.resolve(spec(8, 4, true)).batchSize());
  }

  @Test
  void whatIsResolvedIsNotScaledAgain() {
    TrainSpec once = Scaling.resolve(spec(8, 128, true));
    assertEquals(once, Scaling.resolve(once));
  }

  @Test
  void withoutScalingAllStays() {
    TrainSpec asked = spec(8, 128, false);
    assertEquals(asked, Scaling.resolve(asked));
  }

  private static TrainSpec spec(int workers, int batch, boolean scaling) {
    return Tables.configuration(
            Map.of(
                "train.workers", workers,
                "train.batch-size", batch,
                "train.updater.learning-rate", 0.001,
                "train.scaling", scaling))
        .train();
  }
}
