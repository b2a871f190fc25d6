package io.latentlake.nn;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The one native array that a task's batches go through on their way into the network: {@code
 * [capacity, width]}, row-major, allocated once and freed by {@link #close()}.
 */
public final class BatchBuffer implements AutoCloseable {
  private final int width;
  private final float[] staged;
  private final INDArray array;

  public BatchBuffer(int capacity, int width) {
    this.width = width;
    this.staged = new float[Math.multiplyExact(capacity, width)];
    // Detached: the buffer outlives any workspace that is open where it is made.
    try (var scope = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      this.array = Nd4j.createUninitialized(DataType.FLOAT, new long[] {capacity, width}, 'c');
    }
  }

  /** Where the caller puts its rows, one behind the other, before {@link #rows(int)}. */
  public float[] staging() {
    return staged;
  }

  /** Rows it holds. */
  public int capacity() {
    return staged.length / width;
  }

  /**
   * Moves the first staged rows into native memory.
   *
   * @return {@code [rows, width]}, valid until the next call
   */
  public INDArray rows(int rows) {
    // Not addressPointer(), which is null for an array that lies on a GPU alone.
    ((FloatPointer) array.data().pointer()).put(staged, 0, rows * width);
    Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
    return rows == capacity()
        ? array
        : array.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all());
  }

  @Override
  public void close() {
    array.close();
  }
}
