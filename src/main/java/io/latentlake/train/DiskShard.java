package io.latentlake.train;

import io.latentlake.data.RejectCounts;
import io.latentlake.nn.Noise;
import io.latentlake.train.Windows.Window;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A shard in a file. An epoch takes the file's blocks in random order, as many at a time as may be
 * in memory, and shuffles their rows: neighbours in the file end far from one another, as in a full
 * shuffle, but the file is read in blocks and only once.
 */
final class DiskShard extends Shard {
  private static final long serialVersionUID = 1L;

  /** Read at a time: long enough for a disk, short enough that G1 doesn't call it humongous. */
  static final int BLOCK_BYTES = 256 << 10;

  /** Blocks a window at least, where its memory is small; as many parts of the table mix in it. */
  private static final int WINDOW_BLOCKS = 512;

  private final RowFile file;
  private transient volatile boolean damaged;
  private final int windowBlocks;

  /**
   * A shard of a file's rows.
   *
   * @param file closed with the shard
   * @param memory bytes that a window may take
   */
  DiskShard(RowFile file, long memory, RejectCounts rejected, ShardHash hash) {
    super(rejected, hash);
    this.file = file;
    this.windowBlocks =
        Math.max(1, file.layout().rowsIn(memory) / blockRows(file.layout(), memory));
  }

  /**
   * Rows that such a shard reads at a time.
   *
   * @param memory bytes that a window may take
   */
  static int blockRows(RowLayout layout, long memory) {
    return layout.rowsIn(Math.min(BLOCK_BYTES, memory / WINDOW_BLOCKS));
  }

  @Override
  int rows() {
    return file.rows();
  }

  @Override
  int width() {
    return file.layout().width();
  }

  @Override
  Windows inOrder() {
    return new Windows() {
      @Override
      public int count() {
        return file.blocks();
      }

      @Override
      public int rows(int window) {
        return file.rows(window);
      }

      @Override
      public Window load(int window) {
        return Window.inOrder(new RowBlocks(List.of(block(window))));
      }
    };
  }

  @Override
  Windows shuffled(long seed) {
    int[] order = Windows.shuffle(file.blocks(), seed);
    int windows = -Math.floorDiv(-order.length, windowBlocks);
    return new Windows() {
      @Override
      public int count() {
        return windows;
      }

      @Override
      public int rows(int window) {
        return blocksOf(window).map(file::rows).sum();
      }

      @Override
      public Window load(int window) {
        // In the file's order, so that a disk's head goes over it once.
        List<PackedRows> blocks =
            blocksOf(window).sorted().mapToObj(DiskShard.this::block).toList();
        return Window.shuffled(new RowBlocks(blocks), Noise.seed(seed, window));
      }

      /** Windows differ by one block at most: a short last one would hardly be shuffled. */
      private IntStream blocksOf(int window) {
        return Arrays.stream(order, bound(window), bound(window + 1));
      }

      private int bound(int window) {
        return (int) ((long) order.length * window / windows);
      }
    };
  }

  private PackedRows block(int block) {
    try {
      return file.read(block);
    } catch (ShardDamagedException e) {
      damaged = true;
      throw e;
    }
  }

  @Override
  boolean isDamaged() {
    return damaged;
  }

  @Override
  public void close() {
    super.close();
    file.close();
  }
}
