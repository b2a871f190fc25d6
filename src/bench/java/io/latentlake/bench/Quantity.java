package io.latentlake.bench;

import java.util.Locale;
import java.util.Optional;

/** Everything that is measured, in the table's order, and what each is compared with. */
enum Quantity {
  PRODUCT_SQUARE(Section.PEAK, "matrix product 2048x2048x2048, one core", "GFLOP/s", null),
  PRODUCT_LAYER(Section.PEAK, "matrix product 128x784x400, one core", "GFLOP/s", PRODUCT_SQUARE),

  STEP_SECONDS(Section.TRAIN, "training step, batch 128, one core", "ms", null),
  STEP_SPEED(Section.TRAIN, "training step, batch 128, one core", "GFLOP/s", PRODUCT_SQUARE),
  STEPS_OF_EPOCH(Section.TRAIN, "60,000 rows of such steps", "s", null),
  EPOCH_ONE(Section.TRAIN, "MNIST epoch, one worker", "s", STEPS_OF_EPOCH),
  EPOCH_TWO(Section.TRAIN, "MNIST epoch, two workers", "s", EPOCH_ONE),

  SCORE_SPEED(Section.SCORE, "model alone, one thread", "GFLOP/s", PRODUCT_SQUARE),
  SCORE_ONE(Section.SCORE, "model alone, one thread", "rows/s", null),
  SCORE_TWO(Section.SCORE, "model alone, two threads", "rows/s", SCORE_ONE),
  SCORE_ROUNDED(Section.SCORE, "model alone in bfloat16, one thread", "rows/s", SCORE_ONE),
  SCORE_PARQUET(Section.SCORE, "Parquet to Parquet, two cores", "rows/s", SCORE_TWO),

  SCORE_MIXED(Section.REASONS, "40 mixed columns, Parquet to Parquet, two cores", "rows/s", null),
  SCORE_REASONS(Section.REASONS, "the same with three reasons a row", "rows/s", SCORE_MIXED),

  STOCK_EPOCH(Section.STOCK, "dl4j-spark's averaging, MNIST epoch, two workers", "s", EPOCH_TWO),

  LAYER_EPOCH(Section.DL4J, "DL4J's VariationalAutoencoder, MNIST epoch", "s", EPOCH_ONE),

  PYTORCH_EPOCH_ONE(Section.PYTORCH, "PyTorch, MNIST epoch, one core", "s", EPOCH_ONE),
  PYTORCH_EPOCH_TWO(Section.PYTORCH, "PyTorch, MNIST epoch, two cores", "s", EPOCH_TWO),
  PYTORCH_SCORE_ONE(Section.PYTORCH, "PyTorch, model alone, one core", "rows/s", SCORE_ONE),
  PYTORCH_SCORE_TWO(Section.PYTORCH, "PyTorch, model alone, two cores", "rows/s", SCORE_TWO),

  DJL_EPOCH(Section.DJL, "DJL, MNIST epoch, one core", "s", EPOCH_ONE),
  DJL_SCORE(Section.DJL, "DJL, model alone, one core", "rows/s", SCORE_ONE),

  ROUND_BYTES(Section.ROUNDS, "a round of this network, each way and worker", "MB", null),
  ROUND_LATENCY(Section.ROUNDS, "a round that carries nothing", "s", null),
  BROADCAST(Section.ROUNDS, "broadcast, to each executor", "MB/s", null),
  COLLECT(Section.ROUNDS, "collect, at the driver", "MB/s", BROADCAST),
  TREE(Section.ROUNDS, "tree reduction, along its longest way", "MB/s", COLLECT);

  private final Section section;
  private final String label;
  private final String unit;
  private final Quantity comparedWith;

  Quantity(Section section, String label, String unit, Quantity comparedWith) {
    this.section = section;
    this.label = label;
    this.unit = unit;
    this.comparedWith = comparedWith;
  }

  Section section() {
    return section;
  }

  /** What the JSON calls it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the table calls it. */
  String label() {
    return label;
  }

  String unit() {
    return unit;
  }

  /** Of the same unit. */
  Optional<Quantity> comparedWith() {
    return Optional.ofNullable(comparedWith);
  }
}
