package io.latentlake.train;

import io.latentlake.train.Windows.Window;
import java.util.NoSuchElementException;

/** Reads a shard's rows one behind the other. It holds one window, and none between two. */
final class RowCursor {
  private final Windows windows;
  private final int width;
  private int index = -1;
  private int size;
  private int place;
  private Window window;
  private int position;

  /**
   * A cursor before the first row.
   *
   * @param width features a row
   */
  RowCursor(Windows windows, int width) {
    this.windows = windows;
    this.width = width;
  }

  /** Rows that lie behind it. */
  int position() {
    return position;
  }

  /**
   * Reads the next rows.
   *
   * @param target {@code [rows, width]}, row-major
   * @throws NoSuchElementException when so many aren't left
   */
  void read(int rows, float[] target) {
    for (int i = 0; i < rows; i++) {
      enterWindow();
      if (window == null) {
        window = windows.load(index);
      }
      window.rows().unpack(window.order().applyAsInt(place), target, i * width);
      advance(1);
    }
  }

  /**
   * Passes over rows; windows that lie among them whole are not loaded.
   *
   * @throws NoSuchElementException when so many aren't left
   */
  void skip(int rows) {
    for (int left = rows; left > 0; ) {
      enterWindow();
      int step = Math.min(left, size - place);
      advance(step);
      left -= step;
    }
  }

  private void enterWindow() {
    if (place < size) {
      return;
    }
    if (index + 1 == windows.count()) {
      throw new NoSuchElementException("there are only " + position + " rows");
    }
    index++;
    size = windows.rows(index);
    place = 0;
  }

  private void advance(int rows) {
    place += rows;
    position += rows;
    if (place == size) {
      window = null;
    }
  }
}
