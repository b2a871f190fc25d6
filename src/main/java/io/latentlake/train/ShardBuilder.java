package io.latentlake.train;

import io.latentlake.data.RejectCounts;
import io.latentlake.spec.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** Takes a worker's blocks in their order: into memory up to a limit, into a file past it. */
final class ShardBuilder implements AutoCloseable {
  private final RowLayout layout;
  private final long memory;
  private final List<PackedRows> blocks = new ArrayList<>();
  private final RejectCounts rejected = new RejectCounts();
  private int rows;
  private ShardHash hash = ShardHash.EMPTY;
  private RowFile file;

  /**
   * A shard without rows.
   *
   * @param memory bytes of rows that may be in memory at a time
   */
  ShardBuilder(RowLayout layout, long memory) {
    this.layout = layout;
    this.memory = memory;
  }

  void add(PackedRows block) {
    rows = sum(rows, block.rows());
    hash = hash.plus(block);
    if (file == null && (long) rows * layout.bytes() > memory) {
      file = new RowFile(layout, DiskShard.blockRows(layout, memory));
      blocks.forEach(file::append);
      blocks.clear();
    }
    if (file == null) {
      blocks.add(block);
    } else {
      file.append(block);
    }
  }

  void reject(RejectCounts more) {
    rejected.add(more);
  }

  /** The shard; a file is its from now on. */
  Shard build() {
    if (file == null) {
      return new MemoryShard(layout.width(), blocks, rejected, hash);
    }
    var shard = new DiskShard(file, memory, rejected, hash);
    file = null;
    return shard;
  }

  private static int sum(int rows, int more) {
    if (rows > Integer.MAX_VALUE - more) {
      throw new InvalidInputException(
          "a worker's shard passes %d rows; train with more --workers"
              .formatted(Integer.MAX_VALUE));
    }
    return rows + more;
  }

  /** Closes the file where no shard was built of it. */
  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
