package io.latentlake.train;

import io.latentlake.data.Binarization;
import io.latentlake.nn.BatchBuffer;
import io.latentlake.nn.DeterministicLatent;
import io.latentlake.nn.LogLikelihood;
import io.latentlake.nn.Noise;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * Measures log p(x) under a trained network.
 *
 * @param plan the network's
 */
record LikelihoodSurvey(ReplicaPlan plan) implements Serializable {
  /** Tells what a row is binarized to from the samples that are drawn for it. */
  private static final long BINARY = 2;

  /**
   * A survey.
   *
   * @throws InvalidInputException when it is asked for and q(z|x) has no density
   */
  LikelihoodSurvey {
    boolean point =
        plan.graph().getVertices().get(VaeNetwork.LATENT) instanceof DeterministicLatent;
    if (point && plan.train().logLikelihoodSamples() > 0) {
      throw new InvalidInputException(
          "train.log-likelihood-samples = %d: an autoencoder has no distribution over z, and so no log-likelihood; use 0, or a vae"
              .formatted(plan.train().logLikelihoodSamples()));
    }
  }

  /**
   * Measures on a table's rows.
   *
   * @return nats, mean over the rows; null where it isn't asked for
   */
  Double of(JavaSparkContext spark, ShardedTable table, float[] parameters) {
    if (plan.train().logLikelihoodSamples() == 0) {
      return null;
    }
    Broadcast<float[]> weights = spark.broadcast(parameters);
    LikelihoodSurvey survey = this;
    Function2<Integer, Iterator<Shard>, Iterator<Double>> measure =
        (worker, shards) -> List.of(survey.sum(shards.next(), worker, weights.value())).iterator();
    try {
      double sum =
          table.shards().mapPartitionsWithIndex(measure, true).collect().stream()
              .mapToDouble(Double::doubleValue)
              .sum();
      return sum / table.rows();
    } finally {
      weights.destroy();
    }
  }

  private double sum(Shard shard, int worker, float[] parameters) {
    long seed = Noise.seed(plan.train().seed(), worker);
    try (VaeNetwork network = plan.network(parameters);
        var batch = new BatchBuffer(plan.train().batchSize(), plan.shape().width())) {
      var logLikelihood = new LogLikelihood(network, plan.train().logLikelihoodSamples());
      RowCursor cursor = shard.read();
      double sum = 0;
      for (int at = 0; at < shard.rows(); at += batch.capacity()) {
        var seeds = new long[Math.min(batch.capacity(), shard.rows() - at)];
        cursor.read(seeds.length, batch.staging());
        for (int row = 0; row < seeds.length; row++) {
          seeds[row] = Noise.seed(seed, at + row);
          binarize(batch.staging(), row, seeds[row]);
        }
        sum += Arrays.stream(logLikelihood.rows(batch.rows(seeds.length), seeds)).sum();
      }
      return sum;
    }
  }

  private void binarize(float[] staging, int row, long seed) {
    if (plan.train().dynamicBinarization()) {
      int width = plan.shape().width();
      Binarization.draw(staging, row * width, plan.shape().features(), Noise.seed(seed, BINARY));
    }
  }
}
