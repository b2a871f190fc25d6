package io.latentlake.train;

import io.latentlake.data.FeatureNoise;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.FeaturePlanner;
import io.latentlake.data.RowEncoder;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.TrainSpec;
import io.latentlake.spec.UpdaterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * LatentLake's averaging for programs that use dl4j-spark: give it to a {@link
 * SparkComputationGraph} in place of dl4j-spark's own master, and {@code fit} trains one epoch of a
 * graph that one of our variants composed. The graph's weights, updater state and iteration count
 * go on from fit to fit. What the workers do is compiled, so DL4J's hooks and statistics have no
 * place in it and are refused.
 */
public final class ShardAveragingMaster
    implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>> {
  private static final String FEATURES = "features";
  private static final String CONDITION = "condition";

  private final TrainSpec spec;
  private Collection<TrainingListener> listeners = List.of();

  /**
   * A master.
   *
   * @param spec its batch size, workers, averaging frequency, scaling and seed count; epochs are
   *     the caller's fits, and the updater is the graph's
   * @throws InvalidInputException when it has a cool-down: nobody knows here when the last epoch is
   */
  public ShardAveragingMaster(TrainSpec spec) {
    if (spec.coolDown() > 0) {
      throw new InvalidInputException(
          "train.cool-down = %s: a TrainingMaster isn't told how many epochs there will be; use 0"
              .formatted(spec.coolDown()));
    }
    this.spec = spec;
  }

  /**
   * Trains one epoch.
   *
   * @param data features {@code [rows, width]}; labels are not looked at
   */
  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> data) {
    JavaRDD<Row> rows = data.flatMap(batch -> rows(batch.getFeatures(0)));
    train(graph.getSparkContext(), graph.getNetwork(), rows);
  }

  @Override
  public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> data) {
    JavaRDD<Row> rows = data.flatMap(batch -> rows(batch.getFeatures()));
    train(graph.getSparkContext(), graph.getNetwork(), rows);
  }

  private static Iterator<Row> rows(INDArray features) {
    var rows = new ArrayList<Row>();
    for (float[] row : features.toFloatMatrix()) {
      rows.add(RowFactory.create((Object) row));
    }
    return rows.iterator();
  }

  private void train(JavaSparkContext spark, ComputationGraph graph, JavaRDD<Row> rows) {
    var session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    var schema =
        new StructType().add(FEATURES, DataTypes.createArrayType(DataTypes.FloatType, false));
    var network = new VaeNetwork(graph);
    Dataset<Row> table = split(session.createDataFrame(rows, schema), network.conditionWidth());
    List<String> condition = network.conditionWidth() == 0 ? List.of() : List.of(CONDITION);
    FeaturePlan features =
        FeaturePlanner.plan(table, List.of(FEATURES), condition, "the training data");
    TrainSpec wanted = spec.withUpdater(updater(graph));
    TrainSpec settings = Scaling.resolve(Placement.of(wanted, spark));
    LikelihoodSpec likelihood = network.likelihood().spec();
    var plan =
        new ReplicaPlan(
            graph.getConfiguration().clone(),
            features.shape(),
            settings,
            FeatureNoise.within(likelihood, settings.inputNoise()));
    String run = UUID.randomUUID().toString();
    try (ShardedTable shards =
        ShardedTable.pack(
            table,
            new RowEncoder(features, likelihood),
            plan.train().workers(),
            plan.train().shardMemory())) {
      if (shards.rows() == 0) {
        throw new InvalidInputException("the training data: no usable row");
      }
      epoch(spark, network, plan, shards, run);
    } finally {
      ReplicaPool.release(run);
    }
  }

  /** Takes the condition, which stands behind the features, into a column of its own. */
  private static Dataset<Row> split(Dataset<Row> table, int condition) {
    Column row = functions.col(FEATURES);
    Column features = functions.size(row).minus(condition);
    return condition == 0
        ? table
        : table.select(
            functions.slice(row, functions.lit(1), features).as(FEATURES),
            functions.slice(row, features.plus(1), functions.lit(condition)).as(CONDITION));
  }

  private void epoch(
      JavaSparkContext spark,
      VaeNetwork network,
      ReplicaPlan plan,
      ShardedTable shards,
      String run) {
    ComputationGraph graph = network.graph();
    var start =
        new ReplicaState(
            network.parameters(),
            network.updaterState(),
            graph.getConfiguration().getIterationCount());
    listeners.forEach(listener -> listener.onEpochStart(graph));
    int epoch = graph.getConfiguration().getEpochCount() + 1;
    var frequency = new AveragingFrequency(plan.train().averagingFrequency());
    AveragingState begun = AveragingState.beginning(start, epoch, frequency.current());
    try (var averaging =
        new ShardAveraging(spark, plan, begun, frequency, shards, run, between -> {})) {
      double loss = averaging.trainEpoch(epoch, new TrainingProgress() {}).loss().loss();
      network.setParameters(averaging.state().replicas().parameters());
      network.setUpdaterState(averaging.state().replicas().updaterState());
      network.setIteration(averaging.state().replicas().iteration());
      graph.setScore(loss / shards.rows());
      ReplicaPool.releaseInExecutors(run, spark, plan.train().workers());
    }
    listeners.forEach(listener -> listener.onEpochEnd(graph));
  }

  private static UpdaterSpec updater(ComputationGraph graph) {
    IUpdater updater =
        Arrays.stream(graph.getLayers())
            .filter(layer -> layer.numParams() > 0)
            .map(layer -> layer.conf().getLayer().getUpdaterByParam("W"))
            .findFirst()
            .orElseThrow();
    if (updater instanceof Adam adam) {
      return new UpdaterSpec(UpdaterSpec.Kind.ADAM, adam.getLearningRate());
    }
    if (updater instanceof RmsProp rmsProp) {
      return new UpdaterSpec(UpdaterSpec.Kind.RMSPROP, rmsProp.getLearningRate());
    }
    if (updater instanceof Sgd sgd) {
      return new UpdaterSpec(UpdaterSpec.Kind.SGD, sgd.getLearningRate());
    }
    throw new InvalidInputException(
        "the graph's updater is %s; LatentLake averages Adam, RmsProp and Sgd".formatted(updater));
  }

  @Override
  public void setListeners(Collection<TrainingListener> called) {
    listeners = List.copyOf(called);
  }

  @Override
  public void setListeners(StatsStorageRouter router, Collection<TrainingListener> called) {
    setListeners(called);
  }

  /** There are none to delete: Spark owns the shards' files. */
  @Override
  public boolean deleteTempFiles(JavaSparkContext spark) {
    return true;
  }

  @Override
  public boolean deleteTempFiles(SparkContext spark) {
    return true;
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
    throw refused("a MultiLayerNetwork", "a ComputationGraph that one of its variants composed");
  }

  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer network,
      SparkComputationGraph graph,
      JavaRDD<String> paths,
      DataSetLoader loader,
      MultiDataSetLoader multiLoader) {
    throw refused("paths", "an RDD of data sets");
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkDl4jMultiLayer network) {
    throw refused("DL4J's workers", "replicas of its own");
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkComputationGraph graph) {
    throw refused("DL4J's workers", "replicas of its own");
  }

  @Override
  public void addHook(TrainingHook hook) {
    throw refused("training hooks", "compiled replicas; use listeners");
  }

  @Override
  public void removeHook(TrainingHook hook) {
    throw refused("training hooks", "compiled replicas; use listeners");
  }

  @Override
  public void setCollectTrainingStats(boolean collect) {
    if (collect) {
      throw refused("DL4J's statistics", "a Trainer, whose history tells where the time went");
    }
  }

  @Override
  public boolean getIsCollectTrainingStats() {
    return false;
  }

  @Override
  public SparkTrainingStats getTrainingStats() {
    return null;
  }

  @Override
  public String toJson() {
    throw refused("DL4J's JSON", "the configuration it was made from");
  }

  @Override
  public String toYaml() {
    throw refused("DL4J's YAML", "the configuration it was made from");
  }

  private static UnsupportedOperationException refused(String what, String instead) {
    return new UnsupportedOperationException(
        "LatentLake's averaging doesn't take %s; it takes %s".formatted(what, instead));
  }
}
