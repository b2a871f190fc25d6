package io.latentlake.score;

import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Work around another's, which it owns: it does the same, and then something to what that wrote.
 */
abstract class FurtherWork implements BatchWork {
  private final BatchWork inner;

  FurtherWork(BatchWork inner) {
    this.inner = inner;
  }

  @Override
  public final int capacity() {
    return inner.capacity();
  }

  @Override
  public final float[] staging() {
    return inner.staging();
  }

  @Override
  public final void run(int rows) {
    inner.run(rows);
  }

  /** The other's part alone. */
  @Override
  public final void write(int row, InternalRow added) {
    inner.write(row, added);
  }

  @Override
  public void write(int row, InputRow input, InternalRow added) {
    inner.write(row, input, added);
  }

  @Override
  public boolean readsRows() {
    return inner.readsRows();
  }

  @Override
  public final void close() {
    inner.close();
  }
}
