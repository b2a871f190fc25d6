package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import io.latentlake.nn.BatchBuffer;
import io.latentlake.nn.LikelihoodRegret;
import io.latentlake.nn.LogLikelihood;
import io.latentlake.nn.RowScores;
import io.latentlake.nn.VaeNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A measure that draws z. What is drawn for a row follows from its features, so its result doesn't
 * depend on where it stands.
 */
final class SampledMeasure implements Measure {
  /** What is measured of rows, given a seed for each. */
  private interface Sampled {
    double[] rows(INDArray x, long[] rowSeeds);
  }

  private final VaeNetwork network;
  private final BatchBuffer batch;
  private final Sampled sampled;
  private final int sign;

  private SampledMeasure(TrainedVae model, VaeNetwork network, Sampled sampled, int sign) {
    this.network = network;
    this.batch =
        new BatchBuffer(model.configuration().score().batchSize(), model.features().width());
    this.sampled = sampled;
    this.sign = sign;
  }

  /**
   * −log p(x).
   *
   * @throws io.latentlake.spec.InvalidInputException when the model's q(z|x) has no density
   */
  static SampledMeasure logLikelihood(TrainedVae model) {
    LikelihoodScorer.requireDensity(model);
    VaeNetwork network = model.network();
    var measured = new LogLikelihood(network, model.configuration().score().samples());
    return new SampledMeasure(model, network, measured::rows, -1);
  }

  /**
   * The likelihood regret.
   *
   * @throws io.latentlake.spec.InvalidInputException when the model has none
   */
  static SampledMeasure likelihoodRegret(TrainedVae model) {
    VaeNetwork network = model.network();
    try {
      var measured = new LikelihoodRegret(network, model.configuration().score().samples());
      return new SampledMeasure(model, network, measured::rows, 1);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  @Override
  public void measure(int rows, float[] x, RowScores scores, float[] result) {
    int width = batch.staging().length / batch.capacity();
    System.arraycopy(x, 0, batch.staging(), 0, rows * width);
    double[] measured = sampled.rows(batch.rows(rows), RowSeeds.of(x, rows, width));
    for (int row = 0; row < rows; row++) {
      result[row] = (float) (sign * measured[row]);
    }
  }

  @Override
  public void close() {
    batch.close();
    network.close();
  }
}
