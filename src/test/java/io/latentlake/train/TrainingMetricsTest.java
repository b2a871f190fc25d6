package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.codahale.metrics.Gauge;
import io.latentlake.SharedSpark;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.train.Trainer.NamedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

/** What Spark's sinks find while a training runs, and no longer when it has ended. */
class TrainingMetricsTest {
  private static final int WORKERS = 2;
  private static final int ROUNDS = 5;

  private static List<Source> sources() {
    return JavaConverters.seqAsJavaList(
        SparkEnv.get().metricsSystem().getSourcesByName("latentlake.training"));
  }

  private static double shown(String figure) {
    var gauge = (Gauge<?>) sources().get(0).metricRegistry().getMetrics().get(figure);
    return ((Number) gauge.getValue()).doubleValue();
  }

  @Test
  void showsEachRoundWhileItRuns() {
    var told = new ArrayList<RoundRecord>();
    var shown = new ArrayList<RoundRecord>();
    var progress =
        new TrainingProgress() {
          @Override
          public void roundDone(RoundRecord round) {
            told.add(round);
          }

          @Override
          public void epochDone(EpochRecord epoch) {
            assertEquals(told.stream().mapToLong(RoundRecord::bytes).sum(), (long) shown("bytes"));
            assertEquals(told.get(told.size() - 1).rowsPerSecond(), shown("rows_per_second"));
            shown.add(
                new RoundRecord(
                    (int) shown("epoch"),
                    (long) shown("rounds"),
                    told.get(told.size() - 1).rows(),
                    shown("loss_nats"),
                    told.get(told.size() - 1).seconds(),
                    (long) shown("round_bytes")));
          }
        };
    NamedTable table = Tables.table(Tables.rows(160, 1), WORKERS);
    Configuration configuration =
        Tables.configuration(
            Map.of(
                "train.workers", WORKERS,
                "train.epochs", 2,
                "train.batch-size", 16,
                "train.averaging-frequency", 1));
    Trainer.Result result =
        new Trainer(SharedSpark.session(), progress)
            .train(configuration, Tables.PLAN, table, Optional.empty());

    assertEquals(List.of(told.get(ROUNDS - 1), told.get(2 * ROUNDS - 1)), shown);
    assertEquals(2 * ROUNDS, told.size());
    assertEquals(
        result.history().epochs().get(1).trainingLoss(),
        told.stream().skip(ROUNDS).mapToDouble(RoundRecord::loss).average().orElseThrow(),
        1e-9);
    long weights;
    try (VaeNetwork network = result.model().network()) {
      weights = network.parameters().length;
    }
    // Adam keeps two moments a weight.
    assertEquals(2L * WORKERS * 3 * Float.BYTES * weights, told.get(0).bytes());
    assertEquals(List.of(), sources());
  }
}
