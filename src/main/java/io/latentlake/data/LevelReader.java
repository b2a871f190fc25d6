package io.latentlake.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;

/** Reads a class, one-hot over its levels. */
final class LevelReader implements ColumnReader {
  private final Levels levels;
  private final int width;

  /**
   * A reader.
   *
   * @param names the levels as text
   * @param type of the column; one that {@link Levels#reads}
   */
  LevelReader(List<String> names, DataType type) {
    levels = new Levels(names, type);
    width = names.size();
  }

  @Override
  public Optional<RejectReason> read(InternalRow row, int ordinal, float[] target, int at) {
    int level = levels.indexOf(row, ordinal);
    if (level < 0) {
      return Optional.of(RejectReason.UNSEEN_LEVEL);
    }
    putOne(target, at, width, level);
    return Optional.empty();
  }

  /** Writes a vector of so many numbers that is 1 in one place and 0 in the others. */
  static void putOne(float[] target, int at, int width, int place) {
    Arrays.fill(target, at, at + width, 0);
    target[at + place] = 1;
  }

  /** The place of the largest of so many numbers, the first of several. */
  static int largest(float[] values, int at, int width) {
    int largest = 0;
    for (int i = 1; i < width; i++) {
      if (values[at + i] > values[at + largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
