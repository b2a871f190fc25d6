package io.latentlake.bench;

import io.latentlake.model.Provenance;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.RowScores;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.score.BatchScorer;
import io.latentlake.spec.ScoreSpec.Precision;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A task's scoring without Spark and without unpacking: one batch after another, the same rows. */
@State(Scope.Thread)
public class ModelScoring {
  private BatchScorer scorer;

  @Setup
  public void open() {
    scorer = new BatchScorer(untrained().scoringIn(precision()));
    Mnist.read().copy(0, scorer.capacity(), scorer.staging());
  }

  /** Of the products. */
  Precision precision() {
    return Precision.FLOAT32;
  }

  @Benchmark
  public RowScores score() {
    return scorer.score(scorer.capacity());
  }

  @TearDown
  public void close() {
    scorer.close();
  }

  private static TrainedVae untrained() {
    try (VaeNetwork network = Workload.untrained()) {
      var nowhere = new Provenance("", "untrained", 0, 0, "", "");
      return TrainedVae.uncalibrated(
          Workload.configuration(), Workload.features(), network.parameters(), nowhere);
    }
  }
}
