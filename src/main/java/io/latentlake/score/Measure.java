package io.latentlake.score;

import io.latentlake.model.LatentDistribution;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.RowScores;
import java.io.Serializable;

/**
 * The number that a row's anomaly score is the rank of: the larger, the more anomalous. One for
 * each {@link io.latentlake.spec.ScoreSpec.Kind}; owned by one task, not safe for use by two
 * threads at once.
 */
interface Measure extends AutoCloseable {
  /** How executors come by a measure, which they close. */
  interface Recipe extends Serializable {
    Measure open(TrainedVae model);
  }

  /** Measures nothing, where no anomaly score is wanted. */
  Measure NONE = (rows, x, scores, result) -> {};

  /**
   * Measures a batch.
   *
   * @param rows how many
   * @param x the rows, {@code [rows, features + condition]}, one behind the other
   * @param scores what a forward pass gave for them
   * @param result where the measures go, {@code [rows]}
   */
  void measure(int rows, float[] x, RowScores scores, float[] result);

  @Override
  default void close() {}

  /**
   * The model's measure; its caller closes it.
   *
   * @throws io.latentlake.spec.InvalidInputException when the model can't be measured so
   */
  static Measure of(TrainedVae model) {
    return switch (model.configuration().score().kind()) {
      case DISPERSION -> Measure::dispersion;
      case DEVIANCE ->
          (rows, x, scores, result) -> System.arraycopy(scores.deviance(), 0, result, 0, rows);
      case RECONSTRUCTION ->
          (rows, x, scores, result) ->
              System.arraycopy(scores.reconstructionError(), 0, result, 0, rows);
      case SQUARED ->
          (rows, x, scores, result) -> System.arraycopy(scores.squaredError(), 0, result, 0, rows);
      case ELBO ->
          (rows, x, scores, result) -> {
            for (int row = 0; row < rows; row++) {
              result[row] = scores.reconstructionError()[row] + scores.kl()[row];
            }
          };
      case PSEUDO_LIKELIHOOD -> new PseudoLikelihood(model);
      case LOG_LIKELIHOOD -> SampledMeasure.logLikelihood(model);
      case LATENT_DISTANCE -> latentDistance(model.requireCalibration().requireLatents());
      case LIKELIHOOD_REGRET -> SampledMeasure.likelihoodRegret(model);
    };
  }

  /** The Mahalanobis distance of μ(x). */
  static Measure latentDistance(LatentDistribution latents) {
    return (rows, x, scores, result) -> {
      for (int row = 0; row < rows; row++) {
        result[row] = (float) latents.distance(scores.latent(), row * latents.dimensions());
      }
    };
  }

  /** The deviance in units of what the decoder expects it to be. */
  private static void dispersion(int rows, float[] x, RowScores scores, float[] result) {
    for (int row = 0; row < rows; row++) {
      // One nat more than expected, so that rows which a decoder is sure of don't divide by 0.
      result[row] = scores.deviance()[row] / (1 + scores.expectedDeviance()[row]);
    }
  }
}
