package io.latentlake.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** Rows of open IDX files, one at a time; the files are closed when the task ends. */
final class IdxRows implements Iterator<Row> {
  private final Next next;
  private final int to;
  private int at;

  /** Reads the row of that index. */
  interface Next {
    Row read(long index) throws IOException;
  }

  /**
   * Rows {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param next reads each, in their order
   * @param files closed when the task ends
   */
  IdxRows(int from, int to, Next next, IdxFile... files) {
    this.at = from;
    this.to = to;
    this.next = next;
    TaskCompletionListener closing =
        context -> {
          for (IdxFile file : files) {
            close(file);
          }
        };
    TaskContext.get().addTaskCompletionListener(closing);
  }

  private static void close(IdxFile file) {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean hasNext() {
    return at < to;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      return next.read(at++);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
