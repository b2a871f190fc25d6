package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.spec.Configuration;
import io.latentlake.train.Trainer.NamedTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Averaging rounds leave the native memory as they found it. */
@Tag("slow")
class OffHeapMemoryTest {
  private static final int ROUNDS = 200;

  @Test
  void theSecondHundredRoundsTakeNoMoreThanTheFirst() {
    Configuration configuration =
        Tables.configuration(
            Map.of(
                "train.workers", 2,
                "train.batch-size", 4,
                "train.epochs", 4,
                "train.averaging-frequency", 1));
    NamedTable table = Tables.table(Tables.rows(8 * ROUNDS / 4, 1), 2);
    var bytes = new ArrayList<Long>();
    var progress =
        new TrainingProgress() {
          @Override
          public void rowsDone(int epoch, long rows) {
            bytes.add(Pointer.totalBytes());
          }
        };
    new Trainer(SharedSpark.session(), progress)
        .train(configuration, Tables.PLAN, table, Optional.empty());
    assertEquals(ROUNDS, bytes.size());
    // Not after a few rounds: the second replica is made when two tasks first run side by side.
    long first = Collections.max(bytes.subList(0, ROUNDS / 2));
    assertTrue(bytes.get(0) > 0, "nothing native was counted");
    assertTrue(Collections.max(bytes.subList(ROUNDS / 2, ROUNDS)) <= first, bytes.toString());
    assertTrue(Pointer.totalBytes() < bytes.get(ROUNDS - 1), "the replicas were not freed");
  }
}
