package io.latentlake.train;

import io.latentlake.data.Binarization;
import io.latentlake.data.FeatureNoise;
import io.latentlake.nn.ElboTerms;
import io.latentlake.nn.Noise;
import io.latentlake.nn.TrainingStep;
import io.latentlake.nn.VaeEngine;
import io.latentlake.spec.RowShape;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/** One worker's copy of the network, and the native memory of its batches. */
final class Replica implements AutoCloseable {
  /** Tells what rows are binarized to from the noise of the same pass. */
  private static final long BINARY = 2;

  private final long seed;
  private final int epochs;
  private final LearningRate rate;
  private final boolean binarizing;
  private final VaeEngine engine;
  private final RowShape shape;
  private final FeatureNoise noise;

  /** A batch's rows as they are; the engine's own where nothing is done to them. */
  private final float[] clean;

  Replica(ReplicaPlan plan) {
    this.seed = plan.train().seed();
    this.epochs = plan.train().epochs();
    this.rate = LearningRate.of(plan.train());
    this.binarizing = plan.train().dynamicBinarization();
    this.engine = plan.engine();
    this.shape = plan.shape();
    this.noise = plan.noise();
    this.clean = noise.deviation() > 0 ? new float[engine.staging().length] : engine.staging();
  }

  private ReplicaState state(int iteration) {
    return new ReplicaState(engine.parameters(), engine.updaterState(), iteration);
  }

  /**
   * Trains on the round's part of a shard.
   *
   * @param worker whose shard it is; with the seed and the epoch it decides order and noise
   * @param fetch seconds it took to get the start
   */
  RoundResult train(ReplicaState start, Round round, int worker, Shard shard, double fetch) {
    long began = System.nanoTime();
    engine.setParameters(start.parameters());
    engine.setUpdaterState(start.updaterState());
    int iteration = start.iteration();
    long order = Noise.seed(seed, round.epoch(), worker);
    RowCursor cursor = shard.epoch(order, round.from(shard.rows()));
    ElboTerms loss = ElboTerms.ZERO;
    int end = round.to(shard.rows());
    try {
      for (int at = round.from(shard.rows()); at < end; at += engine.capacity()) {
        int rows = Math.min(engine.capacity(), end - at);
        requireNotKilled();
        cursor.read(rows, clean);
        long chance = Noise.seed(seed, round.epoch(), worker, at);
        binarize(clean, rows, Noise.seed(chance, BINARY));
        showWithNoise(rows, Noise.seed(chance, 1));
        double done = (round.epoch() - 1 + (double) at / shard.rows()) / epochs;
        var step = new TrainingStep(chance, iteration, rate.at(iteration, done));
        iteration++;
        loss = loss.plus(engine.train(rows, clean, step).times(rows));
      }
      shard.keep(order, cursor);
      var time = WorkerTime.of(fetch, (System.nanoTime() - began) / 1e9);
      return new RoundResult(round.rows(shard.rows()), state(iteration), loss, time);
    } finally {
      engine.releaseThread();
    }
  }

  /** A worker that was given up on makes room for the next round. */
  private static void requireNotKilled() {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted()) {
      throw new TaskKilledException("given up");
    }
  }

  private void showWithNoise(int rows, long chance) {
    if (noise.deviation() > 0) {
      int width = shape.width();
      System.arraycopy(clean, 0, engine.staging(), 0, rows * width);
      for (int row = 0; row < rows; row++) {
        noise.add(Noise.seed(chance, row), engine.staging(), row * width, shape.features());
      }
    }
  }

  /** Puts a draw from Bernoulli(x) in the place of each feature, where that is wanted. */
  private void binarize(float[] values, int rows, long draw) {
    if (binarizing) {
      for (int row = 0; row < rows; row++) {
        Binarization.draw(values, row * shape.width(), shape.features(), Noise.seed(draw, row));
      }
    }
  }

  /**
   * −ELBO of a shard's rows with one z sampled a row, under the given weights.
   *
   * @return its parts, summed over the rows
   */
  ElboTerms evaluate(float[] parameters, int worker, Shard shard) {
    engine.setParameters(parameters);
    RowCursor cursor = shard.read();
    ElboTerms loss = ElboTerms.ZERO;
    try {
      for (int at = 0; at < shard.rows(); at += engine.capacity()) {
        int rows = Math.min(engine.capacity(), shard.rows() - at);
        cursor.read(rows, engine.staging());
        binarize(engine.staging(), rows, Noise.seed(seed, worker, at, BINARY));
        loss = loss.plus(engine.loss(rows, Noise.seed(seed, worker, at)));
      }
      return loss;
    } finally {
      engine.releaseThread();
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
