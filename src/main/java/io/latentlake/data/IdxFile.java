package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** An open IDX file, plain or gzipped, read row by row. */
final class IdxFile implements Closeable {
  private final DataInputStream in;
  private final IdxHeader header;
  private final String name;
  private int next;

  /**
   * Reads the header.
   *
   * @param raw the file's bytes, gzipped or not; closed with this
   * @param name what to call the file in an error
   */
  IdxFile(InputStream raw, String name) throws IOException {
    this.name = name;
    try {
      this.in = new DataInputStream(unzipped(raw, name));
      this.header = IdxHeader.read(in, name);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  IdxHeader header() {
    return header;
  }

  /** Passes over rows. */
  void skip(int rows) throws IOException {
    long bytes = (long) rows * header.rowBytes();
    try {
      in.skipNBytes(bytes);
    } catch (EOFException e) {
      throw truncated(next + rows, e);
    }
    next += rows;
  }

  /** Passes over all rows, to find out before anything is done with them whether they are there. */
  void requireComplete() throws IOException {
    if (header.rows() > next) {
      skip(header.rows() - next - 1);
      // A stream may skip past its end without a word, but not read there.
      row();
    }
  }

  /** The next row's bytes. */
  byte[] row() throws IOException {
    var row = new byte[header.rowBytes()];
    try {
      in.readFully(row);
    } catch (EOFException e) {
      throw truncated(next, e);
    }
    next++;
    return row;
  }

  private InvalidInputException truncated(int row, EOFException e) {
    return new InvalidInputException(
        "%s: ends at or before row %d although its header says %d rows; it is truncated"
            .formatted(name, row, header.rows()),
        e);
  }

  private static InputStream unzipped(InputStream raw, String name) throws IOException {
    var buffered = new BufferedInputStream(raw, 1 << 16);
    buffered.mark(2);
    boolean gzipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    try {
      return gzipped ? new BufferedInputStream(new GZIPInputStream(buffered), 1 << 16) : buffered;
    } catch (EOFException e) {
      throw new InvalidInputException(name + ": ends inside its gzip header; it is truncated", e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
