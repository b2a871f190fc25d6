package io.latentlake.train;

import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.apache.spark.SparkEnv;

/**
 * Packed rows one behind the other in a file in one of Spark's local folders. The file has no name
 * from the start on: it is gone with its handle, which {@link #close()} closes, the garbage
 * collector where that was never called, and the system when the process ends, however it ends.
 * Written somewhere else, it carries its rows along.
 */
final class RowFile implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private final RowLayout layout;
  private int rows;

  /** Not a channel, which an interrupted task would close for all that come after it. */
  private transient RandomAccessFile file;

  /**
   * An empty file.
   *
   * @throws UncheckedIOException when Spark's local folders can't be written to
   */
  RowFile(RowLayout layout) {
    this.layout = layout;
    try {
      this.file = open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RandomAccessFile open() throws IOException {
    File path = SparkEnv.get().blockManager().diskBlockManager().createTempLocalBlock()._2();
    var file = new RandomAccessFile(path, "rw");
    try {
      Files.delete(path.toPath());
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  RowLayout layout() {
    return layout;
  }

  int rows() {
    return rows;
  }

  /**
   * Writes rows behind those that are there.
   *
   * @throws UncheckedIOException when the disk is full
   */
  synchronized void append(PackedRows block) {
    try {
      file.seek(offset(rows));
      file.write(block.stored());
      rows += block.rows();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads some rows from one on. */
  synchronized PackedRows read(int from, int count) {
    var stored = new byte[Math.multiplyExact(count, layout.bytes())];
    try {
      file.seek(offset(from));
      file.readFully(stored);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return PackedRows.of(stored, layout);
  }

  private long offset(int row) {
    return (long) row * layout.bytes();
  }

  private synchronized void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    file.seek(0);
    copy(offset(rows), file::readFully, out::write);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    file = open();
    try {
      copy(offset(rows), in::readFully, file::write);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private interface Transfer {
    void bytes(byte[] buffer, int offset, int count) throws IOException;
  }

  private static void copy(long bytes, Transfer from, Transfer to) throws IOException {
    var buffer = new byte[DiskShard.BLOCK_BYTES];
    for (long left = bytes; left > 0; left -= buffer.length) {
      int count = (int) Math.min(left, buffer.length);
      from.bytes(buffer, 0, count);
      to.bytes(buffer, 0, count);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
