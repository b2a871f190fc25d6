package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.RejectReason;
import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Streams one partition's rows through a {@link BatchWork}. Holds one batch at a time: its features
 * in the work's staging, its kept columns as copies (or whole rows, for work that reads them), and
 * what the work made of it.
 */
final class BatchStream implements Iterator<InternalRow> {
  private final Supplier<BatchWork> open;
  private final Iterator<InternalRow> rows;
  private final BoundEncoder encoder;
  private final HandleInvalid handleInvalid;
  private final Consumer<RowCounts> counts;
  private final RowCounts counted = new RowCounts();
  private final OutputRow output;

  /** Made for the first row and closed behind the last; a task without rows loads no network. */
  private BatchWork work;

  /** The batch's rows, up to {@link #staged}; those before {@link #given} are gone. */
  private InputRow[] inputs;

  /** Which of them can be used; the others are there because they are to be kept. */
  private boolean[] usable;

  private int staged;
  private int given;

  /**
   * A stream within a Spark task.
   *
   * @param added what the work adds to a row
   * @param counts is given what was counted when the partition is done
   */
  BatchStream(
      Supplier<BatchWork> open,
      StructType added,
      Iterator<InternalRow> rows,
      BoundEncoder encoder,
      HandleInvalid handleInvalid,
      Consumer<RowCounts> counts) {
    this.open = open;
    this.rows = rows;
    this.encoder = encoder;
    this.handleInvalid = handleInvalid;
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
      counts.accept(counted);
    }
    return given < staged;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int row = given++;
    InputRow input = inputs[row];
    if (!usable[row]) {
      return output.withNulls(input.kept());
    }
    work.write(row, input, output.added());
    return output.behind(input.kept());
  }

  private void runBatch() {
    if (work == null) {
      work = open.get();
      inputs = new InputRow[work.capacity()];
      usable = new boolean[inputs.length];
    }
    given = 0;
    staged = 0;
    while (staged < inputs.length && rows.hasNext()) {
      stage(rows.next());
    }
    if (staged > 0) {
      work.run(staged);
    }
  }

  private void stage(InternalRow row) {
    int offset = staged * encoder.width();
    Optional<RejectReason> rejected = encoder.encode(row, work.staging(), offset);
    if (rejected.isPresent()) {
      reject(rejected.get());
      if (handleInvalid == HandleInvalid.SKIP) {
        return;
      }
      // It takes a place in the batch, whose scores nobody reads: zeros are as good as anything.
      Arrays.fill(work.staging(), offset, offset + encoder.width(), 0);
    } else {
      counted.countScored();
    }
    usable[staged] = rejected.isEmpty();
    inputs[staged++] = InputRow.of(row, encoder, work.readsRows());
  }

  private void reject(RejectReason reason) {
    if (handleInvalid == HandleInvalid.ERROR) {
      throw new InvalidInputException(
          "a row can't be scored (%s), and such rows are to fail; use --on-bad-row reject, or handleInvalid skip or keep"
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
