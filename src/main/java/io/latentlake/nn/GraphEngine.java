package io.latentlake.nn;

import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs the DL4J graph itself, with ND4J's ops: on CUDA, and wherever oneDNN can't be had. */
public final class GraphEngine implements VaeEngine {
  private final VaeNetwork network;
  private final BatchBuffer batch;
  private final BatchBuffer targets;
  private double learningRate = Double.NaN;

  /**
   * An engine that owns the network.
   *
   * @param width numbers a row
   * @param capacity rows a batch
   */
  public GraphEngine(VaeNetwork network, int width, int capacity) {
    this.network = network;
    this.batch = new BatchBuffer(capacity, width);
    this.targets = new BatchBuffer(capacity, width);
  }

  @Override
  public int capacity() {
    return batch.capacity();
  }

  @Override
  public float[] staging() {
    return batch.staging();
  }

  @Override
  public ElboTerms train(int rows, float[] wanted, TrainingStep step) {
    if (step.learningRate() != learningRate) {
      learningRate = step.learningRate();
      network.graph().setLearningRate(learningRate);
    }
    network.setIteration(step.iteration());
    INDArray x = batch.rows(rows);
    return network.train(x, wanted == staging() ? x : target(wanted, rows), step.noiseSeed());
  }

  private INDArray target(float[] wanted, int rows) {
    System.arraycopy(wanted, 0, targets.staging(), 0, wanted.length);
    return targets.rows(rows);
  }

  @Override
  public ElboTerms loss(int rows, long noiseSeed) {
    return network.loss(batch.rows(rows), noiseSeed);
  }

  @Override
  public void score(RowScores scores) {
    INDArray x = batch.rows(capacity()); // [capacity, features + condition]
    try (MemoryWorkspace scope = network.scope()) {
      INDArray z = network.posterior().mean(network.encode(x)); // [capacity, latent]
      INDArray output = network.decode(z, network.condition(x)); // [capacity, outputs]
      INDArray residual = network.likelihood().residual(output, x);
      INDArray errors = network.likelihood().features(output, x);
      INDArray saturated = network.likelihood().saturated(output, x);
      copy(errors.sum(1), scores.reconstructionError());
      INDArray deviance = errors.sub(saturated);
      copy(deviance.sum(1), scores.deviance());
      if (scores.explained()) {
        copy(deviance.reshape(deviance.length()), scores.featureDeviance());
        INDArray mean = network.likelihood().mean(output);
        copy(mean.reshape(mean.length()), scores.mean());
      }
      copy(network.likelihood().expectedDeviance(output, x).sum(1), scores.expectedDeviance());
      copy(residual.muli(residual).sum(1), scores.squaredError());
      copy(network.penalty(x), scores.kl());
      // Flat: toFloatMatrix() makes an array of its own, natively, for every row.
      copy(z.reshape(z.length()), scores.latent());
    }
  }

  @Override
  public void reconstruct(float[] mean) {
    INDArray x = batch.rows(capacity()); // [capacity, features]
    try (MemoryWorkspace scope = network.scope()) {
      INDArray z = network.posterior().mean(network.encode(x)); // [capacity, latent]
      INDArray expected = network.likelihood().mean(network.decode(z, network.condition(x)));
      copy(expected.reshape(expected.length()), mean);
    }
  }

  private static void copy(INDArray values, float[] target) {
    System.arraycopy(values.toFloatVector(), 0, target, 0, target.length);
  }

  @Override
  public float[] parameters() {
    return network.parameters();
  }

  @Override
  public void setParameters(float[] parameters) {
    network.setParameters(parameters);
  }

  @Override
  public float[] updaterState() {
    return network.updaterState();
  }

  @Override
  public void setUpdaterState(float[] state) {
    network.setUpdaterState(state);
  }

  @Override
  public void releaseThread() {
    VaeNetwork.releaseThread();
  }

  @Override
  public void close() {
    batch.close();
    targets.close();
    network.close();
  }
}
