package io.latentlake.train;

import io.latentlake.nn.ElboTerms;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeNetwork;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Gives the stock master's workers fresh noise, and collects −ELBO's parts from them. */
final class StockHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  /** Stock workers rebuild their network in every round; this goes on. */
  private static final AtomicLong STEPS = new AtomicLong();

  private final long seed;
  private final DoubleAccumulator reconstruction;
  private final DoubleAccumulator kl;
  private final DoubleAccumulator adversary;

  StockHook(JavaSparkContext spark, long seed) {
    this.seed = seed;
    this.reconstruction = spark.sc().doubleAccumulator("reconstruction");
    this.kl = spark.sc().doubleAccumulator("kl");
    this.adversary = spark.sc().doubleAccumulator("adversary");
  }

  /** Summed over all rows so far. */
  ElboTerms loss() {
    return new ElboTerms(reconstruction.sum(), kl.sum(), adversary.sum());
  }

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {
    new VaeNetwork((ComputationGraph) model)
        .setNoiseSeed(Noise.seed(seed, TaskContext.getPartitionId(), STEPS.incrementAndGet()));
  }

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {
    long rows = minibatch.getFeatures(0).size(0);
    ElboTerms loss = new VaeNetwork((ComputationGraph) model).lastLoss().times(rows);
    reconstruction.add(loss.reconstruction());
    kl.add(loss.kl());
    adversary.add(loss.adversary());
  }

  @Override
  public void preUpdate(DataSet minibatch, Model model) {
    throw new IllegalStateException("a VAE trains on MultiDataSets");
  }

  @Override
  public void postUpdate(DataSet minibatch, Model model) {
    throw new IllegalStateException("a VAE trains on MultiDataSets");
  }
}
