package io.latentlake.score;

import io.latentlake.data.ColumnPlan;
import io.latentlake.data.FeaturePlan;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.RowScores;
import io.latentlake.nn.VaeEngine;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The deviance, and for each category −log p(its level | the rest of the row): what the decoder
 * makes of it when the encoder isn't shown it. An encoder that is shown two levels which never come
 * together puts z between them, and the decoder gives half of each; shown one, it gives the level
 * that belongs to it. Besag's pseudo-likelihood (The Statistician 24, 1975) is the product of such
 * conditional probabilities.
 */
final class PseudoLikelihood implements Measure {
  /** Of a level, so that one which the decoder rules out has a score. */
  private static final double LEAST_PROBABILITY = 1e-9;

  /** Where in a row a category's places are. */
  private record Places(int from, int to) {}

  private final VaeEngine engine;
  private final List<Places> categories;
  private final int width;
  private final int features;

  /** E[x | z], {@code [capacity, features]}. */
  private final float[] mean;

  PseudoLikelihood(TrainedVae model) {
    FeaturePlan plan = model.features();
    this.engine = model.engine();
    this.categories = categories(plan);
    this.width = plan.width();
    this.features = plan.shape().features();
    this.mean = new float[engine.capacity() * features];
  }

  private static List<Places> categories(FeaturePlan plan) {
    var categories = new ArrayList<Places>();
    int at = 0;
    for (ColumnPlan column : plan.columns()) {
      if (column.family() == Family.CATEGORICAL) {
        categories.add(new Places(at, at + column.width()));
      }
      at += column.width();
    }
    return categories;
  }

  @Override
  public void measure(int rows, float[] x, RowScores scores, float[] result) {
    System.arraycopy(scores.deviance(), 0, result, 0, rows);
    for (Places category : categories) {
      hide(category, rows, x);
      engine.reconstruct(mean);
      for (int row = 0; row < rows; row++) {
        result[row] += (float) surprise(category, x, row);
      }
    }
  }

  /** Stages the rows without one column: a missing value is NaN. */
  private void hide(Places category, int rows, float[] x) {
    float[] staging = engine.staging();
    System.arraycopy(x, 0, staging, 0, rows * width);
    for (int row = 0; row < rows; row++) {
      Arrays.fill(staging, row * width + category.from, row * width + category.to, Float.NaN);
    }
  }

  /** −log p of the row's level, nats; 0 where it has none. */
  private double surprise(Places category, float[] x, int row) {
    for (int i = category.from; i < category.to; i++) {
      if (x[row * width + i] == 1) {
        return -Math.log(Math.max(LEAST_PROBABILITY, mean[row * features + i]));
      }
    }
    return 0;
  }

  @Override
  public void close() {
    engine.releaseThread();
    engine.close();
  }
}
