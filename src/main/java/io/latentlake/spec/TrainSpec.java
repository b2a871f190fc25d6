package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;

/**
 * How the network is trained.
 *
 * @param epochs passes over all rows
 * @param batchSize rows a minibatch, on each worker
 * @param workers replicas trained side by side; 0 asks for as many as Spark has cores
 * @param averagingFrequency minibatches a worker takes between two averagings
 * @param updater how gradients become steps
 * @param master who runs the averaging rounds
 * @param seed of the weights, the row order and the noise; same seed, data, partitions and workers
 *     (up to 16): same model
 */
public record TrainSpec(
    int epochs,
    int batchSize,
    int workers,
    int averagingFrequency,
    UpdaterSpec updater,
    Master master,
    long seed)
    implements Serializable {

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
    Require.atLeast("train.averaging-frequency", averagingFrequency, 1);
    Require.present("train.updater", updater);
    Require.present("train.master", master);
  }

  /** The same with the number of workers settled. */
  public TrainSpec withWorkers(int resolved) {
    return new TrainSpec(epochs, batchSize, resolved, averagingFrequency, updater, master, seed);
  }
}
