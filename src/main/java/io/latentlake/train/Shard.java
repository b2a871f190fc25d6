package io.latentlake.train;

import io.latentlake.data.RejectCounts;
import java.io.Serializable;

/**
 * The rows of one worker, and how many rows on their way here could not be used. Spark closes it
 * when it drops it from its cache.
 */
abstract class Shard implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private final RejectCounts rejected;
  private final ShardHash hash;
  private transient Underway underway;

  /** An epoch that goes on. */
  private record Underway(long seed, RowCursor cursor) {}

  Shard(RejectCounts rejected, ShardHash hash) {
    this.rejected = rejected;
    this.hash = hash;
  }

  /** How many rows it has. */
  abstract int rows();

  /** Features a row. */
  abstract int width();

  /** The rows as the table had them. */
  abstract Windows inOrder();

  /** The rows in random order; the seed decides it. */
  abstract Windows shuffled(long seed);

  RejectCounts rejected() {
    return rejected;
  }

  ShardHash hash() {
    return hash;
  }

  /** Whether reading it has failed because it isn't what was packed any more. */
  boolean isDamaged() {
    return false;
  }

  /** Reads the rows as the table had them. */
  RowCursor read() {
    return new RowCursor(inOrder(), width());
  }

  /**
   * Reads an epoch: every row once, in an order that the seed decides.
   *
   * @param seed the epoch's
   * @param from how many rows of it were read in earlier rounds, here or elsewhere
   */
  RowCursor epoch(long seed, int from) {
    Underway kept = take();
    RowCursor cursor =
        kept != null && kept.seed == seed && kept.cursor.position() <= from
            ? kept.cursor
            : new RowCursor(shuffled(seed), width());
    cursor.skip(from - cursor.position());
    return cursor;
  }

  /** Leaves a cursor here for its epoch's next round, which then need not find its place again. */
  synchronized void keep(long seed, RowCursor cursor) {
    underway = new Underway(seed, cursor);
  }

  /** Taken out, so that two tasks never read with the same cursor. */
  private synchronized Underway take() {
    Underway kept = underway;
    underway = null;
    return kept;
  }

  @Override
  public void close() {
    take();
  }
}
