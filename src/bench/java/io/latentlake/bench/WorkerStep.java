package io.latentlake.bench;

import io.latentlake.nn.ElboTerms;
import io.latentlake.nn.TrainingStep;
import io.latentlake.nn.VaeEngine;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.TrainSpec;
import io.latentlake.variant.Variants;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A worker's step without Spark: unpacks a minibatch, forward, backward, update. */
@State(Scope.Thread)
public class WorkerStep {
  private final Mnist images = Mnist.read();
  private double learningRate;
  private VaeEngine engine;
  private int step;

  @Setup
  public void open() {
    Configuration configuration = Workload.configuration();
    TrainSpec train = configuration.train();
    learningRate = train.updater().learningRate();
    engine =
        Variants.trainingEngine(
            Variants.trainableGraph(
                configuration.model(), RowShape.of(Mnist.FEATURES), train.updater(), train.seed()),
            Mnist.FEATURES,
            train.updater().kind(),
            train.batchSize());
    try (VaeNetwork fresh = Workload.untrained()) {
      engine.setParameters(fresh.parameters());
      engine.setUpdaterState(fresh.updaterState());
    }
  }

  @Benchmark
  public ElboTerms train() {
    images.copy(step * engine.capacity() % Mnist.ROWS, engine.capacity(), engine.staging());
    return engine.train(engine.capacity(), new TrainingStep(step, step++, learningRate));
  }

  @TearDown
  public void close() {
    engine.releaseThread();
    engine.close();
  }
}
