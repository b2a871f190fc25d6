package io.latentlake.train;

import io.latentlake.nn.ElboTerms;
import io.latentlake.spec.Configuration;
import java.io.Serializable;
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
  private final Configuration configuration;
  private final int width;
  private final ShardedTable table;
  private final String run;
  private ReplicaState state;

  /**
   * Starts from fresh weights.
   *
   * @param run names the training run in the executors' {@link ReplicaPool}s
   */
  ShardAveraging(
      JavaSparkContext spark,
      Configuration configuration,
      int width,
      ShardedTable table,
      String run) {
    this.run = run;
    this.spark = spark;
    this.configuration = configuration;
    this.width = width;
    this.table = table;
    this.state = Replica.initial(configuration, width);
  }

  @Override
  public ElboTerms trainEpoch(int epoch, TrainingProgress progress) {
    int batchSize = configuration.train().batchSize();
    int frequency = configuration.train().averagingFrequency();
    int[] rows = table.rowsByWorker();
    int batches = Round.batchesIn(Arrays.stream(rows).max().orElse(0), batchSize);
    ElboTerms loss = ElboTerms.ZERO;
    long done = 0;
    for (int first = 0; first < batches; first += frequency) {
      var round = new Round(epoch, first, Math.min(frequency, batches - first), batchSize);
      for (RoundResult result : train(round)) {
        loss = loss.plus(result.loss());
        done += result.rows();
      }
      Divergence.requireFinite(loss, epoch, configuration.train());
      progress.rowsDone(epoch, done);
    }
    return loss;
  }

  /** Runs a round, takes over its average, and gives the results of the workers that had rows. */
  private List<RoundResult> train(Round round) {
    Broadcast<ReplicaState> start = spark.broadcast(state);
    try {
      JavaRDD<RoundResult> trained =
          table
              .shards()
              .mapPartitionsWithIndex(new RoundTask(run, configuration, width, start, round), true);
      List<RoundResult> results =
          trained.getNumPartitions() <= ORDERED_WORKERS
              ? trained.collect()
              : List.of(trained.treeReduce(RoundResult::merge));
      state = RoundResult.average(results);
      return results;
    } finally {
      start.destroy();
    }
  }

  /** What a worker does in a round. */
  private record RoundTask(
      String run,
      Configuration configuration,
      int width,
      Broadcast<ReplicaState> start,
      Round round)
      implements Function2<Integer, Iterator<Shard>, Iterator<RoundResult>>, Serializable {
    @Override
    public Iterator<RoundResult> call(Integer worker, Iterator<Shard> shards) {
      Shard shard = shards.next();
      if (round.rows(shard.rows()) == 0) {
        return Collections.emptyIterator();
      }
      ReplicaState state = start.value();
      RoundResult result =
          ReplicaPool.with(
              run,
              () -> new Replica(configuration, width),
              replica -> replica.train(state, round, worker, shard));
      return List.of(result).iterator();
    }
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
