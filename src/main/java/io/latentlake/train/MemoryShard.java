package io.latentlake.train;

import io.latentlake.data.RejectCounts;
import io.latentlake.train.Windows.Window;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;

/** A shard in memory: one window, so that an epoch's order is any permutation of its rows. */
final class MemoryShard extends Shard {
  private static final long serialVersionUID = 1L;

  private final int width;
  private final RowBlocks rows;

  MemoryShard(int width, List<PackedRows> blocks, RejectCounts rejected, ShardHash hash) {
    super(rejected, hash);
    this.width = width;
    this.rows = new RowBlocks(blocks);
  }

  @Override
  int rows() {
    return rows.rows();
  }

  @Override
  int width() {
    return width;
  }

  @Override
  Windows inOrder() {
    return oneWindow(() -> Window.inOrder(rows));
  }

  @Override
  Windows shuffled(long seed) {
    return oneWindow(() -> Window.shuffled(rows, seed));
  }

  /** Spark writes shards to disk when memory is short; what it reads back must be what it wrote. */
  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    if (!rows.hash().equals(hash())) {
      throw new InvalidObjectException(
          "a worker's shard is damaged: the checksum of what Spark kept on disk or sent differs; look at the disk of "
              + SparkEnv.get().blockManager().blockManagerId().host());
    }
  }

  private Windows oneWindow(Supplier<Window> window) {
    return new Windows() {
      @Override
      public int count() {
        return rows.rows() == 0 ? 0 : 1;
      }

      @Override
      public int rows(int only) {
        return rows.rows();
      }

      @Override
      public Window load(int only) {
        return window.get();
      }
    };
  }
}
