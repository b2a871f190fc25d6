package io.latentlake.score;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.RejectReason;
import io.latentlake.model.Calibration;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.RowScores;
import io.latentlake.spec.InvalidInputException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Streams one partition's rows through a {@link BatchScorer}. Holds one batch at a time: its
 * features in the scorer's staging, its kept columns as copies, and its scores.
 */
final class PartitionScorer implements Iterator<InternalRow> {
  private final TrainedVae model;
  private final Iterator<InternalRow> rows;
  private final BoundEncoder encoder;
  private final OnBadRow onBadRow;
  private final PartitionCounts counts;
  private final RowCounts counted = new RowCounts();
  private final OutputRow output = new OutputRow(ScoreColumns.SCHEMA);
  private final Calibration calibration;
  private final float threshold;

  /** Made for the first row and closed behind the last; a task without rows loads no network. */
  private BatchScorer scorer;

  /** The batch's kept columns, up to {@link #staged}; those before {@link #given} are gone. */
  private InternalRow[] kept;

  private RowScores scores;
  private int staged;
  private int given;

  PartitionScorer(
      TrainedVae model,
      Iterator<InternalRow> rows,
      BoundEncoder encoder,
      OnBadRow onBadRow,
      PartitionCounts counts) {
    this.model = model;
    this.rows = rows;
    this.encoder = encoder;
    this.onBadRow = onBadRow;
    this.counts = counts;
    this.calibration = model.requireCalibration();
    this.threshold = calibration.threshold();
    // Also when the task fails or reads no further.
    TaskCompletionListener closing = context -> close();
    TaskContext.get().addTaskCompletionListener(closing);
  }

  @Override
  public boolean hasNext() {
    while (given == staged && rows.hasNext()) {
      scoreBatch();
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
    float error = scores.reconstructionError()[row];
    return output.scored(
        kept[row], scores, row, calibration.anomalyScore(error), !(error <= threshold));
  }

  private void scoreBatch() {
    if (scorer == null) {
      scorer = new BatchScorer(model);
      kept = new InternalRow[scorer.capacity()];
    }
    given = 0;
    staged = 0;
    while (staged < kept.length && rows.hasNext()) {
      InternalRow row = rows.next();
      Optional<RejectReason> rejected =
          encoder.encode(row, scorer.staging(), staged * encoder.width());
      if (rejected.isPresent()) {
        reject(rejected.get());
      } else {
        counted.countScored();
        kept[staged++] = encoder.kept(row).copy();
      }
    }
    if (staged > 0) {
      scores = scorer.score();
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
    if (scorer != null) {
      scorer.close();
      scorer = null;
    }
  }
}
