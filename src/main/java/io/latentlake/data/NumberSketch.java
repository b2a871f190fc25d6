package io.latentlake.data;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;

/**
 * The distribution of a column of numbers; of times, as days since 1970-01-01; of booleans, as 0
 * and 1. NaN is a missing value, and infinite ones are left out of it: such rows can't be used.
 */
final class NumberSketch extends ColumnSketch {
  private static final long serialVersionUID = 1L;

  /** What a long holds is less. Every double from here on is whole, and not meant to be. */
  private static final double PAST_LONG = 0x1p63;

  /**
   * Size parameter of the sketch (Karnin, Lang and Liberty, arXiv 1603.05346): exact up to as many
   * rows, and beyond that a rank is right to less than 0.1 %.
   */
  private static final int SKETCH_SIZE = 4096;

  private transient NumberReader reader;
  private transient KllDoublesSketch quantiles = KllDoublesSketch.newHeapInstance(SKETCH_SIZE);
  private long count;
  private double mean;

  /** Σ(x − mean)². */
  private double squares;

  private boolean whole = true;

  NumberSketch(DataType type) {
    super(type);
  }

  private static NumberReader reader(DataType type) {
    if (type instanceof BooleanType) {
      return (row, at) -> row.getBoolean(at) ? 1 : 0;
    }
    return FeatureKind.isTime(type)
        ? (row, at) -> TimeParts.days(row, at, type)
        : NumberReader.of(type);
  }

  @Override
  boolean addValue(InternalRow row, int ordinal) {
    if (reader == null) {
      reader = reader(type());
    }
    double value = reader.read(row, ordinal);
    if (Double.isFinite(value)) {
      quantiles.update(value);
      whole &= value == Math.rint(value) && Math.abs(value) < PAST_LONG;
      count++;
      double from = value - mean;
      mean += from / count;
      squares += from * (value - mean);
    }
    return !Double.isNaN(value);
  }

  /** Moments of two parts together, as Chan, Golub and LeVeque (1979) add them up. */
  @Override
  void mergeValues(ColumnSketch merged) {
    var other = (NumberSketch) merged;
    if (other.count == 0) {
      return;
    }
    quantiles.merge(other.quantiles);
    whole &= other.whole;
    double distance = other.mean - mean;
    double share = (double) other.count / (count + other.count);
    squares += other.squares + distance * distance * count * share;
    mean += distance * share;
    count += other.count;
  }

  /** Whether there is any finite value. */
  boolean isEmpty() {
    return count == 0;
  }

  double mean() {
    return mean;
  }

  double standardDeviation() {
    return Math.sqrt(squares / count);
  }

  /** Whether every value is a whole number, and a long can hold it. */
  boolean isWhole() {
    return whole;
  }

  /** The value that so large a share of the values is at most. */
  double quantile(double share) {
    return quantiles.getQuantile(share);
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    out.writeObject(quantiles.toByteArray());
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    quantiles = KllDoublesSketch.heapify(Memory.wrap((byte[]) in.readObject()));
  }
}
