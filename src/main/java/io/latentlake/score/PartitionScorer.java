package io.latentlake.score;

import io.latentlake.data.RejectReason;
import io.latentlake.data.RowEncoder;
import io.latentlake.model.Calibration;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.RowScores;
import io.latentlake.spec.InvalidInputException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/** Streams one partition's rows through a {@link BatchScorer}; holds one batch at a time. */
final class PartitionScorer implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final RowEncoder encoder;
  private final Calibration calibration;
  private final List<String> kept;
  private final OnBadRow onBadRow;
  private final PartitionCounts counts;
  private final RowCounts counted = new RowCounts();
  private final ArrayDeque<Row> scored = new ArrayDeque<>();
  private final int width;
  private final float threshold;
  private final TrainedVae model;

  /** Made for the first row and closed behind the last; a task without rows loads no network. */
  private BatchScorer scorer;

  PartitionScorer(
      TrainedVae model,
      Iterator<Row> rows,
      List<String> kept,
      OnBadRow onBadRow,
      PartitionCounts counts) {
    this.model = model;
    this.rows = rows;
    this.kept = kept;
    this.onBadRow = onBadRow;
    this.counts = counts;
    this.encoder = model.encoder();
    this.calibration = model.requireCalibration();
    this.width = model.features().width();
    this.threshold = calibration.threshold();
    // Also when the task fails or reads no further.
    TaskCompletionListener closing = context -> close();
    TaskContext.get().addTaskCompletionListener(closing);
  }

  @Override
  public boolean hasNext() {
    while (scored.isEmpty() && rows.hasNext()) {
      scoreBatch();
    }
    if (scored.isEmpty()) {
      close();
      counts.add(new PartitionCounts.Entry(TaskContext.getPartitionId(), counted));
    }
    return !scored.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return scored.poll();
  }

  private void scoreBatch() {
    if (scorer == null) {
      scorer = new BatchScorer(model);
    }
    var batch = new ArrayList<Row>(scorer.capacity());
    while (batch.size() < scorer.capacity() && rows.hasNext()) {
      Row row = rows.next();
      Optional<RejectReason> rejected = encoder.encode(row, scorer.staging(), batch.size() * width);
      if (rejected.isPresent()) {
        reject(rejected.get());
      } else {
        counted.countScored();
        batch.add(row);
      }
    }
    if (batch.isEmpty()) {
      return;
    }
    RowScores scores = scorer.score();
    for (int i = 0; i < batch.size(); i++) {
      scored.add(output(batch.get(i), scores, i));
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

  private Row output(Row row, RowScores scores, int i) {
    var values = new Object[kept.size() + ScoreColumns.SCHEMA.size()];
    int at = 0;
    for (String name : kept) {
      values[at++] = row.get(row.fieldIndex(name));
    }
    float error = scores.reconstructionError()[i];
    values[at++] = (double) error;
    values[at++] = (double) scores.squaredError()[i];
    values[at++] = (double) scores.kl()[i];
    values[at++] = -(double) error - scores.kl()[i];
    values[at++] = calibration.anomalyScore(error);
    values[at++] = !(error <= threshold);
    values[at] = scores.latentOf(i);
    return RowFactory.create(values);
  }

  private void close() {
    if (scorer != null) {
      scorer.close();
      scorer = null;
    }
  }
}
