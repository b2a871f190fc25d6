package io.latentlake.train;

import io.latentlake.data.MetricsSource;

/** What Spark's sinks show of a training: {@code latentlake.training}. */
final class TrainingMetrics implements TrainingProgress, AutoCloseable {
  private static final RoundRecord NONE = new RoundRecord(0, 0, 0, 0, 1, 0);

  private final MetricsSource source;
  private volatile RoundRecord last = NONE;
  private volatile long bytes;
  private volatile long warnings;

  TrainingMetrics() {
    source =
        new MetricsSource("training")
            .with("epoch", () -> last.epoch())
            .with("rounds", () -> last.round())
            .with("loss_nats", () -> last.loss())
            .with("rows_per_second", () -> last.rowsPerSecond())
            .with("round_bytes", () -> last.bytes())
            .with("bytes", () -> bytes)
            .with("warnings", () -> warnings)
            .register();
  }

  @Override
  public void roundDone(RoundRecord round) {
    // Only the thread that trains writes.
    bytes += round.bytes();
    last = round;
  }

  @Override
  public void warning(String message) {
    warnings++;
  }

  @Override
  public void close() {
    source.close();
  }
}
