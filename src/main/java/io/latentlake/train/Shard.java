package io.latentlake.train;

import io.latentlake.data.RejectReason;
import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The rows of one worker, and how many rows on their way here could not be used. */
final class Shard implements Serializable {
  private static final long serialVersionUID = 1L;

  private final PackedRows[] blocks;

  /** The first row of each block, and behind the last the number of rows. */
  private final int[] starts;

  private final Map<RejectReason, Long> rejected;

  Shard(List<PackedRows> blocks, Map<RejectReason, Long> rejected) {
    this.blocks = blocks.toArray(PackedRows[]::new);
    this.starts = new int[this.blocks.length + 1];
    for (int i = 0; i < this.blocks.length; i++) {
      starts[i + 1] = sum(starts[i], this.blocks[i].rows());
    }
    this.rejected = new EnumMap<>(RejectReason.class);
    this.rejected.putAll(rejected);
  }

  private static int sum(int rows, int more) {
    if (rows > Integer.MAX_VALUE - more) {
      throw new InvalidInputException(
          "a worker's shard passes %d rows; train with more --workers"
              .formatted(Integer.MAX_VALUE));
    }
    return rows + more;
  }

  int rows() {
    return starts[blocks.length];
  }

  Map<RejectReason, Long> rejected() {
    return rejected;
  }

  /** Writes one row's features from {@code offset} on. */
  void unpack(int row, float[] target, int offset) {
    int found = Arrays.binarySearch(starts, row);
    int block = found < 0 ? -found - 2 : found;
    blocks[block].unpack(row - starts[block], target, offset);
  }
}
