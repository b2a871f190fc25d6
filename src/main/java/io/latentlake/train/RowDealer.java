package io.latentlake.train;

import io.latentlake.data.BoundEncoder;
import io.latentlake.data.RejectCounts;
import io.latentlake.data.RejectReason;
import io.latentlake.train.ShardBlock.Place;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/** Deals one partition's rows to the workers in turn; holds one unfinished block a worker. */
final class RowDealer implements Iterator<Tuple2<Place, ShardBlock>> {
  private static final long BUFFER_BYTES = 64L << 20;
  private static final RejectCounts NONE_REJECTED = new RejectCounts();

  private final BoundEncoder encoder;
  private final int partition;
  private final Iterator<InternalRow> rows;
  private final PackedRows.Builder[] builders;
  private final RejectCounts rejected = new RejectCounts();
  private final float[] features;
  private final ArrayDeque<Tuple2<Place, ShardBlock>> ready = new ArrayDeque<>();
  private int worker;
  private int number;

  RowDealer(
      BoundEncoder encoder,
      RowLayout layout,
      int workers,
      int partition,
      Iterator<InternalRow> rows) {
    this.encoder = encoder;
    this.partition = partition;
    this.rows = rows;
    this.worker = partition % workers;
    this.features = new float[layout.width()];
    this.builders = new PackedRows.Builder[workers];
    long fitting = BUFFER_BYTES / ((long) workers * layout.width() * Float.BYTES);
    int capacity = (int) Math.max(1, Math.min(layout.rowsIn(DiskShard.BLOCK_BYTES), fitting));
    for (int i = 0; i < workers; i++) {
      builders[i] = new PackedRows.Builder(capacity, layout);
    }
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && rows.hasNext()) {
      deal(rows.next());
      if (!rows.hasNext()) {
        finish();
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public Tuple2<Place, ShardBlock> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.poll();
  }

  private void deal(InternalRow row) {
    Optional<RejectReason> reason = encoder.encode(row, features, 0);
    if (reason.isPresent()) {
      rejected.add(reason.get());
      return;
    }
    if (builders[worker].add(features)) {
      emit(worker, builders[worker].build(), NONE_REJECTED);
    }
    worker = (worker + 1) % builders.length;
  }

  private void finish() {
    for (int i = 0; i < builders.length; i++) {
      if (!builders[i].isEmpty()) {
        emit(i, builders[i].build(), NONE_REJECTED);
      }
    }
    if (rejected.total() > 0) {
      emit(0, null, rejected);
    }
  }

  private void emit(int to, PackedRows block, RejectCounts rejectedRows) {
    ready.add(
        new Tuple2<>(new Place(to, partition, number++), new ShardBlock(block, rejectedRows)));
  }
}
