package io.latentlake.train;

import io.latentlake.spec.AutoCount;
import io.latentlake.spec.OuterSpec;
import io.latentlake.spec.TrainSpec;

/**
 * What settings that suit one worker become for W of them. At the same batch size W workers make W
 * times fewer updates an epoch, and that, not how rarely they are averaged, is what costs: so
 * batches shrink with W, as far as products stay efficient, and the rate grows with √W, which the
 * averaging's smaller noise bears; a warm-up keeps the first large steps from diverging. Measured
 * for Adam on MNIST, see the table in the README.
 */
final class Scaling {
  /** Smaller batches cost more in overhead than their updates bring. */
  private static final int SMALLEST_BATCH = 32;

  /** Minibatches over which a raised rate is reached. */
  private static final int WARM_UP = 20;

  /**
   * Averaged about once an epoch, 8 workers end at 105.7 nats with this and at 106.0 without; 2 and
   * 4 workers end 0.6 and 0.1 higher with half of it.
   */
  private static final OuterSpec MOMENTUM = new OuterSpec(1, 0.6);

  private static final int MANY_WORKERS = 8;

  private Scaling() {}

  /** The settings of each worker; as they are where they are not to be scaled, or for one. */
  static TrainSpec resolve(TrainSpec spec) {
    if (!spec.scaling() || spec.workers() == 1) {
      return spec.scaled(
          spec.batchSize(), spec.updater().learningRate(), spec.warmUp(), spec.outer());
    }
    int smallest = Math.min(SMALLEST_BATCH, spec.batchSize());
    int batch = Math.max(smallest, spec.batchSize() / spec.workers());
    double rate = spec.updater().learningRate() * Math.sqrt(spec.workers());
    return spec.scaled(batch, rate, Math.max(WARM_UP, spec.warmUp()), outer(spec));
  }

  /**
   * Momentum on the averaged step, where many workers are averaged rarely and none was asked for.
   */
  private static OuterSpec outer(TrainSpec spec) {
    boolean many = spec.workers() >= MANY_WORKERS;
    boolean rare = spec.averagingFrequency() == AutoCount.AUTO;
    return many && rare && spec.outer().equals(OuterSpec.PLAIN) ? MOMENTUM : spec.outer();
  }
}
