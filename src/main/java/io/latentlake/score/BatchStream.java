package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.RejectReason;
import io.latentlake.spec.InvalidInputException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Streams one partition's rows through a {@link BatchWork}. Holds one batch at a time: its features
 * in the work's staging, its kept columns as copies, and what the work made of it.
 */
final class BatchStream implements Iterator<InternalRow> {
  private final Supplier<BatchWork> open;
  private final Iterator<InternalRow> rows;
  private final BoundEncoder encoder;
  private final OnBadRow onBadRow;
  private final PartitionCounts counts;
  private final RowCounts counted = new RowCounts();
  private final OutputRow output;

  /** Made for the first row and closed behind the last; a task without rows loads no network. */
  private BatchWork work;

  /** The batch's kept columns, up to {@link #staged}; those before {@link #given} are gone. */
  private InternalRow[] kept;

  private int staged;
  private int given;

  /**
   * A stream within a Spark task.
   *
   * @param added what the work adds to a row
   * @param counts where the partition's rows are counted when it is done
   */
  BatchStream(
      Supplier<BatchWork> open,
      StructType added,
      Iterator<InternalRow> rows,
      BoundEncoder encoder,
      OnBadRow onBadRow,
      PartitionCounts counts) {
    this.open = open;
    this.rows = rows;
    this.encoder = encoder;
    this.onBadRow = onBadRow;
    this.counts = counts;
    this.output = new OutputRow(added);
    // Also when the task fails or reads no further.
    TaskCompletionListener closing = context -> close();
    TaskContext.get().addTaskCompletionListener(closing);
  }

  @Override
  public boolean hasNext() {
    while (given == staged && rows.hasNext()) {
      runBatch();
    }
    if (given == staged) {
      close();
      counts.add(new PartitionCounts.Entry(TaskContext.getPartitionId(), counted));
    }
    return given < staged;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int row = given++;
    work.write(row, output.added());
    return output.behind(kept[row]);
  }

  private void runBatch() {
    if (work == null) {
      work = open.get();
      kept = new InternalRow[work.capacity()];
    }
    given = 0;
    staged = 0;
    while (staged < kept.length && rows.hasNext()) {
      InternalRow row = rows.next();
      Optional<RejectReason> rejected =
          encoder.encode(row, work.staging(), staged * encoder.width());
      if (rejected.isPresent()) {
        reject(rejected.get());
      } else {
        counted.countScored();
        kept[staged++] = encoder.kept(row).copy();
      }
    }
    if (staged > 0) {
      work.run(staged);
    }
  }

  private void reject(RejectReason reason) {
    if (onBadRow == OnBadRow.FAIL) {
      throw new InvalidInputException(
          "a row can't be scored (%s) and --on-bad-row is fail; use reject to keep such rows apart"
              .formatted(reason));
    }
    counted.countRejected(reason);
  }

  private void close() {
    if (work != null) {
      counted.setSums(work.sums());
      work.close();
      work = null;
    }
  }
}
