package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.io.Serializable;

/**
 * How the network is trained.
 *
 * @param epochs passes over all rows
 * @param batchSize rows a minibatch, on each worker
 * @param workers replicas trained side by side; 0 asks for as many as Spark has cores
 * @param averagingFrequency minibatches a worker takes between two averagings; {@link
 *     AutoCount#AUTO} lets the run measure how many
 * @param scaling whether batch size, rate, warm-up and outer momentum follow the number of workers
 * @param warmUp minibatches over which the rate rises to its value
 * @param coolDown share of the epochs, at the end, over which the rate falls to 0 in a line (Hägele
 *     et al., arXiv 2405.18392); 0 for none
 * @param outer what becomes of an averaged step
 * @param shardMemory bytes a worker's rows may take in memory before they are read from disk; 0
 *     asks for a quarter of the executor's heap, divided by its workers
 * @param inputNoise standard deviation of Gaussian noise on the features that the encoder sees,
 *     while the decoder is to give them without: the denoising criterion (Im, Ahn, Memisevic and
 *     Bengio, arXiv 1511.06406); 0 for none
 * @param dynamicBinarization whether each epoch draws x ~ Bernoulli(pixel) anew from every row
 *     (Burda et al., arXiv 1509.00519, section 5.1)
 * @param logLikelihoodSamples importance samples a row by which log p(x) of the validation rows is
 *     measured when training is over; 0 for no such measurement
 * @param updater how gradients become steps
 * @param master who runs the averaging rounds
 * @param seed of the weights, the row order and the noise; same seed, data, partitions, workers and
 *     averaging frequency: same model
 */
public record TrainSpec(
    int epochs,
    int batchSize,
    int workers,
    @JsonDeserialize(using = AutoCount.Reader.class) @JsonSerialize(using = AutoCount.Writer.class)
        int averagingFrequency,
    boolean scaling,
    int warmUp,
    double coolDown,
    OuterSpec outer,
    long shardMemory,
    double inputNoise,
    boolean dynamicBinarization,
    int logLikelihoodSamples,
    UpdaterSpec updater,
    Master master,
    long seed)
    implements Serializable {

  /**
   * One part in so many of an executor's heap is for all its shards together, where nobody says
   * otherwise: Spark's sorter may take more than half of it.
   */
  public static final int HEAP_FOR_SHARDS = 4;

  /** Who runs the averaging rounds. */
  public enum Master {
    /** Ours: packed shards, replicas that live from round to round. */
    @JsonProperty("latentlake")
    LATENTLAKE,
    /** dl4j-spark's {@code ParameterAveragingTrainingMaster}, the baseline. */
    @JsonProperty("stock")
    STOCK
  }

  public TrainSpec {
    Require.atLeast("train.epochs", epochs, 1);
    Require.atLeast("train.batch-size", batchSize, 1);
    Require.atLeast("train.workers", workers, 0);
    if (averagingFrequency != AutoCount.AUTO) {
      Require.atLeast("train.averaging-frequency", averagingFrequency, 1);
    }
    Require.atLeast("train.warm-up", warmUp, 0);
    Require.share("train.cool-down", coolDown);
    Require.present("train.outer", outer);
    Require.atLeast("train.shard-memory", shardMemory, 0);
    if (!(inputNoise >= 0) || Double.isInfinite(inputNoise)) {
      throw new InvalidInputException(
          "train.input-noise = %s: must be a finite number of at least 0".formatted(inputNoise));
    }
    Require.atLeast("train.log-likelihood-samples", logLikelihoodSamples, 0);
    Require.present("train.updater", updater);
    Require.present("train.master", master);
    if (master == Master.STOCK && inputNoise > 0) {
      throw new InvalidInputException(
          "train.input-noise = %s: train.master = stock adds no noise; use latentlake, or 0"
              .formatted(inputNoise));
    }
    if (master == Master.STOCK && coolDown > 0) {
      throw new InvalidInputException(
          "train.cool-down = %s: train.master = stock keeps its rate; use latentlake, or 0"
              .formatted(coolDown));
    }
    if (dynamicBinarization && master == Master.STOCK) {
      throw new InvalidInputException(
          "train.dynamic-binarization = true: doesn't go with train.master = stock; use latentlake");
    }
  }

  /** The same with the number of workers and their memory settled. */
  public TrainSpec resolved(int settledWorkers, long settledMemory) {
    return new TrainSpec(
        epochs,
        batchSize,
        settledWorkers,
        averagingFrequency,
        scaling,
        warmUp,
        coolDown,
        outer,
        settledMemory,
        inputNoise,
        dynamicBinarization,
        logLikelihoodSamples,
        updater,
        master,
        seed);
  }

  /** The same with another update rule. */
  public TrainSpec withUpdater(UpdaterSpec other) {
    return new TrainSpec(
        epochs,
        batchSize,
        workers,
        averagingFrequency,
        scaling,
        warmUp,
        coolDown,
        outer,
        shardMemory,
        inputNoise,
        dynamicBinarization,
        logLikelihoodSamples,
        other,
        master,
        seed);
  }

  /** The same with what follows from the number of workers settled, not to be scaled again. */
  public TrainSpec scaled(int batch, double learningRate, int warmUpBatches, OuterSpec outerStep) {
    return new TrainSpec(
        epochs,
        batch,
        workers,
        averagingFrequency,
        false,
        warmUpBatches,
        coolDown,
        outerStep,
        shardMemory,
        inputNoise,
        dynamicBinarization,
        logLikelihoodSamples,
        new UpdaterSpec(updater.kind(), learningRate),
        master,
        seed);
  }
}
