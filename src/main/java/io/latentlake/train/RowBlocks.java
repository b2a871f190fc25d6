package io.latentlake.train;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/** Rows that are in memory together, in blocks, since a single array ends at two billion values. */
final class RowBlocks implements Serializable {
  private static final long serialVersionUID = 1L;

  private final PackedRows[] blocks;

  /** The first row of each block, and behind the last the number of rows. */
  private final int[] starts;

  RowBlocks(List<PackedRows> blocks) {
    this.blocks = blocks.toArray(PackedRows[]::new);
    this.starts = new int[this.blocks.length + 1];
    for (int i = 0; i < this.blocks.length; i++) {
      starts[i + 1] = Math.addExact(starts[i], this.blocks[i].rows());
    }
  }

  int rows() {
    return starts[blocks.length];
  }

  /** What tells the rows from others. */
  ShardHash hash() {
    ShardHash hash = ShardHash.EMPTY;
    for (PackedRows block : blocks) {
      hash = hash.plus(block);
    }
    return hash;
  }

  /** Writes one row's features from {@code offset} on. */
  void unpack(int row, float[] target, int offset) {
    int found = Arrays.binarySearch(starts, row);
    int block = found < 0 ? -found - 2 : found;
    blocks[block].unpack(row - starts[block], target, offset);
  }
}
