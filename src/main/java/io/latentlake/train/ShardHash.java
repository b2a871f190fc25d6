package io.latentlake.train;

import java.io.Serializable;

/**
 * What tells a shard's rows from others, learned while they are packed.
 *
 * @param content of the rows, whatever their order: the sum of their hashes
 * @param order of the rows in their order
 */
record ShardHash(long content, long order) implements Serializable {
  /** No rows. */
  static final ShardHash EMPTY = new ShardHash(0, 0);

  /** Odd, so that no step loses anything: 2⁶⁴ over the golden ratio. */
  private static final long STEP = 0x9E3779B97F4A7C15L;

  /** The hash with more rows behind. */
  ShardHash plus(PackedRows rows) {
    long sum = content;
    long chain = order;
    for (int row = 0; row < rows.rows(); row++) {
      long hash = rows.hash(row);
      sum += hash;
      chain = chain * STEP + hash;
    }
    return new ShardHash(sum, chain);
  }

  /** The hash of this shard's rows and another's behind them. */
  ShardHash plus(ShardHash other) {
    return new ShardHash(content + other.content, order * STEP + other.order);
  }
}
