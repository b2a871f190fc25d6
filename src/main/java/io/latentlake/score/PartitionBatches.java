package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import java.util.Iterator;
import java.util.function.IntConsumer;
import org.apache.spark.sql.catalyst.InternalRow;

/** Goes through a partition's usable rows a batch at a time. */
final class PartitionBatches {
  private PartitionBatches() {}

  /**
   * Stages batch after batch.
   *
   * @param staging where a batch's rows are put, one behind the other
   * @param capacity rows a batch
   * @param work is called with the number of rows that are staged, at least 1
   * @return rows that could not be used
   */
  static long each(
      Iterator<InternalRow> rows,
      BoundEncoder encoder,
      float[] staging,
      int capacity,
      IntConsumer work) {
    long rejected = 0;
    int staged = 0;
    while (rows.hasNext()) {
      if (encoder.encode(rows.next(), staging, staged * encoder.width()).isEmpty()) {
        staged++;
      } else {
        rejected++;
      }
      if (staged == capacity || (!rows.hasNext() && staged > 0)) {
        work.accept(staged);
        staged = 0;
      }
    }
    return rejected;
  }
}
