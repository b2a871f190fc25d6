package io.latentlake.train;

import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.zip.CRC32C;
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
  private final int blockRows;

  /** One a block, CRC-32C; the last one's of the rows that it has so far. */
  private final ArrayList<Integer> checksums = new ArrayList<>();

  private int rows;

  /** Of the last block, as long as rows are added. */
  private final transient CRC32C running = new CRC32C();

  /** Not a channel, which an interrupted task would close for all that come after it. */
  private transient RandomAccessFile file;

  /**
   * An empty file.
   *
   * @param blockRows rows that are read at a time
   * @throws UncheckedIOException when Spark's local folders can't be written to
   */
  RowFile(RowLayout layout, int blockRows) {
    this.layout = layout;
    this.blockRows = blockRows;
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
  synchronized void append(PackedRows added) {
    byte[] stored = added.stored();
    try {
      file.seek(offset(rows));
      file.write(stored);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int at = 0; at < added.rows(); ) {
      if (rows % blockRows == 0) {
        checksums.add(0);
        running.reset();
      }
      int count = Math.min(blockRows - rows % blockRows, added.rows() - at);
      running.update(stored, (int) offset(at), count * layout.bytes());
      checksums.set(checksums.size() - 1, (int) running.getValue());
      rows += count;
      at += count;
    }
  }

  /** How many blocks there are; the last may be short. */
  int blocks() {
    return checksums.size();
  }

  /** Rows of a block. */
  int rows(int block) {
    return Math.min(blockRows, rows - block * blockRows);
  }

  /**
   * Reads a block.
   *
   * @throws ShardDamagedException when it isn't what was written
   */
  synchronized PackedRows read(int block) {
    var stored = new byte[rows(block) * layout.bytes()];
    try {
      file.seek(offset(block * blockRows));
      file.readFully(stored);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var found = new CRC32C();
    found.update(stored, 0, stored.length);
    if ((int) found.getValue() != checksums.get(block)) {
      throw new ShardDamagedException(
          "a worker's shard on %s is damaged: the checksum of its file's block %d of %d differs; look at that machine's disk and memory"
              .formatted(
                  SparkEnv.get().blockManager().blockManagerId().host(), block + 1, blocks()));
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
