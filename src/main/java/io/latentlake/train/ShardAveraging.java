package io.latentlake.train;

import io.latentlake.nn.ElboTerms;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/** Our averaging: one Spark job a round over cached shards, with replicas that live on. */
final class ShardAveraging implements AveragingMaster {
  /**
   * Up to so many workers the driver sums their results itself, in their order, so that a run can
   * be repeated to the bit. More are summed as they come, in a tree over the executors, so that the
   * driver's memory doesn't grow with them.
   */
  private static final int ORDERED_WORKERS = 16;

  private final JavaSparkContext spark;
  private final ReplicaPlan plan;
  private final ShardedTable table;
  private final String run;
  private final int slots;
  private final AveragingFrequency frequency;
  private final OuterStep outer;
  private ReplicaState state;

  /**
   * An averaging that begins at a state.
   *
   * @param start taken over
   * @param run names the training run in the executors' {@link ReplicaPool}s
   */
  ShardAveraging(
      JavaSparkContext spark,
      ReplicaPlan plan,
      ReplicaState start,
      ShardedTable table,
      String run) {
    this.run = run;
    this.spark = spark;
    this.plan = plan;
    this.table = table;
    this.state = start;
    this.slots = Placement.slots(spark);
    this.frequency = new AveragingFrequency(plan.train().averagingFrequency());
    this.outer = new OuterStep(plan.train().outer(), start.parameters().length);
  }

  @Override
  public EpochResult trainEpoch(int epoch, TrainingProgress progress) {
    int batchSize = plan.train().batchSize();
    int[] rows = table.rowsByWorker();
    int batches = Round.batchesIn(Arrays.stream(rows).max().orElse(0), batchSize);
    var times = new ArrayList<RoundTime>();
    ElboTerms loss = ElboTerms.ZERO;
    long done = 0;
    int first = 0;
    while (first < batches) {
      var round = new Round(epoch, first, frequency.next(batches - first), batchSize);
      RoundResult result = train(round, times);
      frequency.observe(times.get(times.size() - 1), round.batches());
      loss = loss.plus(result.loss());
      done += result.rows();
      first += round.batches();
      Divergence.requireFinite(loss, epoch, plan.train());
      progress.rowsDone(epoch, done);
    }
    return new EpochResult(loss, times);
  }

  /** Runs a round, takes over its average, and notes where the time went. */
  private RoundResult train(Round round, List<RoundTime> times) {
    long start = System.nanoTime();
    Broadcast<ReplicaState> shared = spark.broadcast(state);
    double broadcast = secondsSince(start);
    try {
      RoundResult result = run(shared, round);
      outer.apply(state.parameters(), result.state().parameters());
      state = result.state();
      times.add(result.time().in(broadcast, secondsSince(start), slots));
      return result;
    } finally {
      shared.destroy();
    }
  }

  private RoundResult run(Broadcast<ReplicaState> start, Round round) {
    JavaRDD<RoundResult> trained =
        table.shards().mapPartitionsWithIndex(new RoundTask(run, plan, start, round), true);
    return trained.getNumPartitions() <= ORDERED_WORKERS
        ? RoundResult.merge(trained.collect())
        : trained.treeReduce(RoundResult::merge);
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
  ReplicaState state() {
    return state;
  }

  @Override
  public float[] parameters() {
    return state.parameters();
  }

  @Override
  public void close() {
    // The replicas belong to the run, and the trainer frees them.
  }
}
