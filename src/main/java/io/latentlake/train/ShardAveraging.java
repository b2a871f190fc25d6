package io.latentlake.train;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/** Our averaging: one Spark job a round over cached shards, with replicas that live on. */
final class ShardAveraging implements AveragingMaster {
  private final JavaSparkContext spark;
  private final ReplicaPlan plan;
  private final ShardedTable table;
  private final String run;
  private final int slots;
  private final AveragingFrequency frequency;
  private final OuterStep outer;
  private final Consumer<AveragingState> betweenRounds;
  private AveragingState state;

  /** The last state whose loss was measured and found well: with it the round before the last. */
  private AveragingState lastGood;

  /**
   * An averaging that begins at a state.
   *
   * @param start taken over
   * @param run names the training run in the executors' {@link ReplicaPool}s
   * @param betweenRounds is told where it has come to after each round but an epoch's last
   */
  ShardAveraging(
      JavaSparkContext spark,
      ReplicaPlan plan,
      AveragingState start,
      AveragingFrequency frequency,
      ShardedTable table,
      String run,
      Consumer<AveragingState> betweenRounds) {
    this.run = run;
    this.spark = spark;
    this.plan = plan;
    this.table = table;
    this.state = start;
    this.lastGood = start;
    this.slots = Placement.slots(spark);
    this.frequency = frequency;
    this.outer = new OuterStep(plan.train().outer());
    this.betweenRounds = betweenRounds;
  }

  @Override
  public EpochResult trainEpoch(int epoch, TrainingProgress progress) {
    int batchSize = plan.train().batchSize();
    int batches = Round.batchesIn(Arrays.stream(table.rowsByWorker()).max().orElse(0), batchSize);
    while (state.epoch().firstBatch() < batches) {
      int first = state.epoch().firstBatch();
      train(new Round(epoch, first, frequency.next(batches - first), batchSize), progress);
      progress.rowsDone(epoch, state.epoch().rows());
      if (state.epoch().firstBatch() < batches) {
        betweenRounds.accept(state());
      }
    }
    var result = new EpochResult(state.epoch().loss(), state.epoch().rounds());
    state = state.at(epoch + 1);
    return result;
  }

  /** Runs a round, takes over its average, and notes where the time went. */
  private void train(Round round, TrainingProgress progress) {
    long start = System.nanoTime();
    Broadcast<ReplicaState> shared = spark.broadcast(state.replicas());
    double broadcast = secondsSince(start);
    try {
      var task = new RoundTask(run, plan, shared, round);
      spark.setCallSite(
          "%s %d (epoch %d)"
              .formatted(RoundWatch.STAGE, state.trend().rounds() + 1, round.epoch()));
      RoundResult result = OrderedSum.of(table.shards().mapPartitionsWithIndex(task, true));
      LossTrend trend = requireHealthy(round, result);
      float[] velocity =
          outer.apply(state.replicas().parameters(), result.state().parameters(), state.velocity());
      RoundTime time = result.time().in(broadcast, secondsSince(start), slots);
      frequency.observe(time, round.batches());
      state =
          new AveragingState(
              result.state(),
              velocity,
              frequency.current(),
              state.epoch().plus(round, result, time),
              trend);
      progress.roundDone(record(round, result, time));
    } finally {
      spark.clearCallSite();
      shared.destroy();
    }
  }

  private RoundRecord record(Round round, RoundResult result, RoundTime time) {
    return new RoundRecord(
        round.epoch(),
        state.trend().rounds(),
        result.rows(),
        result.loss().loss() / result.rows(),
        time.total(),
        2 * table.rowsByWorker().length * result.state().bytes());
  }

  /** The trend with a round's loss; it was measured on the state that the round began with. */
  private LossTrend requireHealthy(Round round, RoundResult result) {
    double loss = result.loss().loss() / result.rows();
    LossTrend trend = state.trend().after(loss);
    if (!Double.isFinite(loss) || trend.hasExploded()) {
      throw diverged(round, "the loss is %s nats a row".formatted(loss));
    }
    if (trend.healthy()) {
      lastGood = state;
    }
    if (!Divergence.allFinite(result.state().parameters())) {
      throw diverged(round, "weights are infinite or NaN");
    }
    return trend;
  }

  private DivergedException diverged(Round round, String what) {
    return new DivergedException(
        lastGood, round.epoch(), state.trend().rounds() + 1, what, plan.train());
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** What a worker does in a round. */
  private record RoundTask(String run, ReplicaPlan plan, Broadcast<ReplicaState> start, Round round)
      implements Function2<Integer, Iterator<Shard>, Iterator<RoundResult>>, Serializable {
    @Override
    public Iterator<RoundResult> call(Integer worker, Iterator<Shard> shards) {
      Shard shard = shards.next();
      if (round.rows(shard.rows()) == 0) {
        return Collections.emptyIterator();
      }
      long began = System.nanoTime();
      ReplicaState state = start.value();
      double fetch = secondsSince(began);
      RoundResult result =
          ReplicaPool.with(
              run,
              () -> new Replica(plan),
              replica -> replica.train(state, round, worker, shard, fetch));
      return List.of(result).iterator();
    }
  }

  /** Where the averaging has come to. */
  AveragingState state() {
    return state;
  }

  @Override
  public float[] parameters() {
    return state.replicas().parameters();
  }

  @Override
  public void close() {
    // The replicas belong to the run, and the trainer frees them.
  }
}
