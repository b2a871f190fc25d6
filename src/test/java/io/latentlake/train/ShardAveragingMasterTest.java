package io.latentlake.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.UpdaterSpec;
import io.latentlake.variant.Variants;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Our averaging under dl4j-spark's own interface. */
class ShardAveragingMasterTest {
  private static final JavaSparkContext SPARK =
      JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());
  private static final Configuration CONFIGURATION =
      Tables.configuration(
          Map.of(
              "train.workers", 2,
              "train.batch-size", 16,
              "train.averaging-frequency", 4));

  @Test
  void fitsAreEpochsOfOneTraining() {
    try (VaeNetwork network = network()) {
      var graph = graph(network);
      graph.fitMultiDataSet(batches());
      double first = network.graph().score();
      int iterations = network.graph().getConfiguration().getIterationCount();
      assertEquals(1, network.graph().getConfiguration().getEpochCount());
      assertTrue(iterations > 0);
      for (int epoch = 0; epoch < 7; epoch++) {
        graph.fitMultiDataSet(batches());
      }
      assertTrue(network.graph().score() < 0.9 * first, "the loss stayed at " + first);
      assertEquals(8 * iterations, network.graph().getConfiguration().getIterationCount());
      assertTrue(SPARK.getPersistentRDDs().isEmpty());
    }
  }

  @Test
  void dataSetsTrainAsMultiDataSetsDo() {
    try (VaeNetwork one = network();
        VaeNetwork other = network()) {
      graph(one).fitMultiDataSet(batches());
      graph(other).fit(batches().map(batch -> new DataSet(batch.getFeatures(0), null)));
      assertArrayEquals(one.parameters(), other.parameters());
    }
  }

  /** A third of each row is the condition, far out of the likelihood's range. */
  @Test
  void aConditionStandsBehindTheFeatures() {
    var configuration =
        Tables.configuration(Map.of("model.variant", "conditional-vae", "train.workers", 2));
    var shape = new RowShape(8, 4);
    var updater = new UpdaterSpec(UpdaterSpec.Kind.ADAM, 0.01);
    JavaRDD<MultiDataSet> batches =
        batches()
            .map(
                batch -> {
                  INDArray x = batch.getFeatures(0).dup();
                  x.get(NDArrayIndex.all(), NDArrayIndex.interval(8, 12)).muli(5);
                  return new org.nd4j.linalg.dataset.MultiDataSet(x, x);
                });
    try (VaeNetwork network = Variants.trainable(configuration.model(), shape, updater, 1)) {
      var spark =
          new SparkComputationGraph(
              SPARK, network.graph(), new ShardAveragingMaster(configuration.train()));
      spark.fitMultiDataSet(batches);
      double first = network.graph().score();
      spark.fitMultiDataSet(batches);
      assertTrue(network.graph().score() < first, network.graph().score() + " after " + first);
    }
  }

  @Test
  void anUpdaterThatItHasNotIsNamed() {
    var base = new NeuralNetConfiguration.Builder().updater(new Nesterovs(0.1));
    try (VaeNetwork network =
        Variants.initialized(
            Variants.compose(CONFIGURATION.model(), RowShape.of(Tables.WIDTH), base))) {
      var graph = graph(network);
      var error = assertThrows(InvalidInputException.class, () -> graph.fitMultiDataSet(batches()));
      assertTrue(error.getMessage().contains("Nesterovs"), error.getMessage());
    }
  }

  private static SparkComputationGraph graph(VaeNetwork network) {
    return new SparkComputationGraph(
        SPARK, network.graph(), new ShardAveragingMaster(CONFIGURATION.train()));
  }

  private static VaeNetwork network() {
    return Variants.trainable(
        CONFIGURATION.model(),
        RowShape.of(Tables.WIDTH),
        new UpdaterSpec(UpdaterSpec.Kind.ADAM, 0.01),
        1);
  }

  /** 300 rows of which each is one of two patterns, with noise. */
  private static JavaRDD<MultiDataSet> batches() {
    var random = new SplittableRandom(5);
    List<MultiDataSet> batches = new ArrayList<>();
    for (int batch = 0; batch < 10; batch++) {
      var values = new float[30 * Tables.WIDTH];
      for (int i = 0; i < values.length; i++) {
        boolean even = i / Tables.WIDTH % 2 == 0;
        values[i] = random.nextInt(10) == 0 ? 0.5f : (i % 3 == 0) == even ? 1 : 0;
      }
      INDArray x = Nd4j.createFromArray(values).reshape('c', 30, Tables.WIDTH);
      batches.add(new org.nd4j.linalg.dataset.MultiDataSet(x, x));
    }
    return SPARK.parallelize(batches, 2);
  }
}
