package io.latentlake.train;

import io.latentlake.spec.TrainSpec;

/**
 * The rate of each step: it rises over the warm-up and falls over the cool-down, both in a line.
 *
 * @param peak what it rises to
 * @param warmUp minibatches over which it rises
 * @param coolDown share of the run over which it falls to 0
 */
record LearningRate(double peak, int warmUp, double coolDown) {
  /**
   * Stairs down which the rate falls in a whole run: DL4J takes its updaters anew for each rate.
   */
  private static final int STAIRS = 1000;

  static LearningRate of(TrainSpec spec) {
    return new LearningRate(spec.updater().learningRate(), spec.warmUp(), spec.coolDown());
  }

  /**
   * The rate of a step.
   *
   * @param iteration minibatches before it
   * @param done share of the run before it
   */
  double at(int iteration, double done) {
    double risen = warmUp == 0 ? 1 : Math.min(1, (iteration + 1.0) / warmUp);
    double left = 1 - Math.floor(done * STAIRS) / STAIRS;
    return peak * risen * (coolDown == 0 ? 1 : Math.min(1, left / coolDown));
  }
}
