package io.latentlake.data;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.datasketches.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.memory.Memory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;

/**
 * The levels of a column: the frequent ones (Anderson et al., arXiv 1705.07001), counted exactly
 * while there are few, and about how many there are.
 */
final class LevelSketch extends ColumnSketch {
  private static final long serialVersionUID = 1L;

  /** Three quarters of it are levels that can be counted. */
  private static final int MAP_SIZE = 4096;

  /** Registers of the count of levels, log 2: right to 2 %. */
  private static final int REGISTERS = 12;

  /** Longer text names no level. */
  private static final int LONGEST = 200;

  private transient ItemsSketch<String> frequent = new ItemsSketch<>(MAP_SIZE);
  private transient Union distinct = new Union(REGISTERS);

  /** A frequent level, and in how many rows it is at least. */
  record Level(String name, long rows) {}

  LevelSketch(DataType type) {
    super(type);
  }

  @Override
  boolean addValue(InternalRow row, int ordinal) {
    String level = Levels.text(row, ordinal, type());
    // Empty text is a level, but no bytes are nothing to hash.
    distinct.update("=" + level);
    if (level.length() <= LONGEST) {
      frequent.update(level);
    }
    return true;
  }

  @Override
  void mergeValues(ColumnSketch merged) {
    var other = (LevelSketch) merged;
    frequent.merge(other.frequent);
    distinct.update(other.distinct.getResult());
  }

  /** About how many levels there are. */
  double distinct() {
    return distinct.getEstimate();
  }

  /** The most frequent levels, the first first; as many rows as another, by name. */
  List<Level> mostFrequent(int most) {
    return Arrays.stream(frequent.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES))
        .map(item -> new Level(item.getItem(), item.getLowerBound()))
        .sorted(Comparator.comparingLong(Level::rows).reversed().thenComparing(Level::name))
        .limit(most)
        .toList();
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    out.writeObject(frequent.toByteArray(new ArrayOfStringsSerDe()));
    out.writeObject(distinct.getResult().toCompactByteArray());
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    frequent =
        ItemsSketch.getInstance(Memory.wrap((byte[]) in.readObject()), new ArrayOfStringsSerDe());
    distinct = new Union(REGISTERS);
    distinct.update(HllSketch.heapify((byte[]) in.readObject()));
  }
}
