package io.latentlake.bench;

import java.util.Map;

/** The contenders that need no Spark and that JMH times. */
final class Kernels {
  private static final String SQUARE = "2048x2048x2048";
  private static final String LAYER = "128x784x400";

  private Kernels() {}

  /** Matrix products on one core. */
  static Contender products(Jmh jmh) {
    return () ->
        Map.of(
            Quantity.PRODUCT_SQUARE, product(jmh, SQUARE),
            Quantity.PRODUCT_LAYER, product(jmh, LAYER));
  }

  private static double product(Jmh jmh, String shape) throws Exception {
    return MatrixProduct.flop(shape) * jmh.perSecond(MatrixProduct.class, 1, shape) / 1e9;
  }

  /** Training steps on one core. */
  static Contender step(Jmh jmh) {
    int batch = Workload.configuration().train().batchSize();
    return () -> {
      double steps = jmh.perSecond(WorkerStep.class, 1);
      return Map.of(
          Quantity.STEP_SECONDS, 1e3 / steps,
          Quantity.STEP_SPEED, batch * Workload.work().trained() * steps / 1e9,
          Quantity.STEPS_OF_EPOCH, Mnist.ROWS / (batch * steps));
    };
  }

  /** Scoring with the model alone, on one core and on two. */
  static Contender scoring(Jmh jmh) {
    int batch = Workload.configuration().score().batchSize();
    return () -> {
      double one = batch * jmh.perSecond(ModelScoring.class, 1);
      double two = batch * jmh.perSecond(ModelScoring.class, 2);
      double rounded = batch * jmh.perSecond(RoundedScoring.class, 1);
      return Map.of(
          Quantity.SCORE_SPEED, one * Workload.work().scored() / 1e9,
          Quantity.SCORE_ONE, one,
          Quantity.SCORE_TWO, two,
          Quantity.SCORE_ROUNDED, rounded);
    };
  }
}
