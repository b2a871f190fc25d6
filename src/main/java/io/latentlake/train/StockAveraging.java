package io.latentlake.train;

import io.latentlake.nn.ElboTerms;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.AutoCount;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.TrainSpec;
import io.latentlake.variant.Variants;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * dl4j-spark's own averaging over the same shards: the baseline. It splits and repartitions the
 * rows in every round, averages without regard to how many rows a worker had, and does not repeat
 * itself from a seed.
 */
final class StockAveraging implements AveragingMaster {
  /** dl4j-spark can't measure; this keeps its overhead bearable. */
  private static final int DEFAULT_FREQUENCY = 64;

  private final JavaSparkContext spark;
  private final TrainSpec spec;
  private final int width;
  private final ShardedTable table;
  private final VaeNetwork network;
  private final SparkComputationGraph graph;
  private final StockHook hook;

  StockAveraging(
      JavaSparkContext spark, Configuration configuration, RowShape shape, ShardedTable table) {
    this.spark = spark;
    this.spec = configuration.train();
    this.width = shape.width();
    this.table = table;
    this.network = Variants.trainable(configuration.model(), shape, spec.updater(), spec.seed());
    this.hook = new StockHook(spark, spec.seed());
    var master =
        new ParameterAveragingTrainingMaster.Builder(spec.workers(), spec.batchSize())
            .batchSizePerWorker(spec.batchSize())
            .averagingFrequency(
                spec.averagingFrequency() == AutoCount.AUTO
                    ? DEFAULT_FREQUENCY
                    : spec.averagingFrequency())
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .saveUpdater(true)
            .rngSeed(spec.seed())
            .trainingHooks(hook)
            .build();
    this.graph = new SparkComputationGraph(spark, network.graph(), master);
  }

  @Override
  public EpochResult trainEpoch(int epoch, TrainingProgress progress) {
    ElboTerms before = hook.loss();
    JavaRDD<MultiDataSet> batches = batches(epoch);
    try {
      graph.fitMultiDataSet(batches);
    } finally {
      batches.unpersist(false);
    }
    progress.rowsDone(epoch, table.rows());
    return new EpochResult(hook.loss().plus(before.times(-1)), List.of());
  }

  private JavaRDD<MultiDataSet> batches(int epoch) {
    int features = width;
    int batchSize = spec.batchSize();
    int losses = network.graph().getNumOutputArrays();
    long seed = spec.seed();
    Function2<Integer, Iterator<Shard>, Iterator<MultiDataSet>> split =
        (worker, shards) -> {
          Shard shard = shards.next();
          RowCursor cursor = shard.epoch(Noise.seed(seed, epoch, worker), 0);
          return IntStream.range(0, Round.batchesIn(shard.rows(), batchSize))
              .map(batch -> Math.min(batchSize, shard.rows() - batch * batchSize))
              .mapToObj(rows -> batch(cursor, rows, features, losses))
              .iterator();
        };
    return table.shards().mapPartitionsWithIndex(split, true);
  }

  /** Rows, and labels of as many losses: each of them is the rows again. */
  private static MultiDataSet batch(RowCursor cursor, int rows, int width, int losses) {
    var values = new float[rows * width];
    cursor.read(rows, values);
    INDArray x = Nd4j.createFromArray(values).reshape('c', rows, width);
    INDArray[] labels = Collections.nCopies(losses, x).toArray(INDArray[]::new);
    return new org.nd4j.linalg.dataset.MultiDataSet(new INDArray[] {x}, labels);
  }

  @Override
  public float[] parameters() {
    return graph.getNetwork().params().toFloatVector();
  }

  @Override
  public void close() {
    graph.getTrainingMaster().deleteTempFiles(spark);
    network.close();
  }
}
