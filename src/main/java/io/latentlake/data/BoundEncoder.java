package io.latentlake.data;

import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Turns the rows of one table, as {@link RowEncoder#select} made it, into features and condition.
 * How each column is read is settled once, and not for every row.
 */
public final class BoundEncoder {
  private final ColumnReader[] readers;
  private final int[] widths;
  private final Optional<WholeRecord> record;
  private final int kept;
  private final int keptColumns;
  private final int width;
  private final Support support;
  private final boolean supported;

  /** Which numbers may be missing: NaN then stands for them. */
  private final boolean[] gaps;

  /**
   * Features of a row that may all be missing, and says nothing then; 0 where such a row is taken.
   */
  private final int neededFeatures;

  private final StructType schema;

  /** By column, made as they are asked for: of few columns, and by few. */
  private final OwnText[] texts;

  BoundEncoder(FeaturePlan plan, Support support, StructType schema, boolean anyGap) {
    this.width = plan.width();
    this.gaps = new boolean[width];
    this.schema = schema;
    int columns = plan.inputs().size();
    this.texts = new OwnText[columns];
    this.widths = new int[columns];
    this.readers = new ColumnReader[columns];
    int at = 0;
    int feature = 0;
    for (ColumnPlan column : plan.columns()) {
      widths[at] = column.width();
      Arrays.fill(gaps, feature, feature + column.width(), anyGap || column.gaps());
      readers[at] = feature(column, schema.fields()[at++].dataType(), anyGap);
      feature += column.width();
    }
    boolean mayLackAll = plan.columns().stream().allMatch(ColumnPlan::gaps);
    this.neededFeatures = mayLackAll && !anyGap ? feature : 0;
    for (ClassColumn column : plan.condition().classes()) {
      widths[at] = column.width();
      readers[at] = condition(new LevelReader(column.levels(), schema.fields()[at++].dataType()));
    }
    for (FeatureColumn column : plan.condition().numbers()) {
      widths[at] = column.width();
      readers[at] = condition(column.reader(schema.fields()[at++].dataType()));
    }
    this.record = WholeRecord.at(readers.length, schema);
    this.kept = readers.length + (record.isPresent() ? 1 : 0);
    this.keptColumns =
        schema.size() > kept ? ((StructType) schema.fields()[kept].dataType()).size() : 0;
    this.support = support;
    this.supported = plan.allBytes() && support.holdsUnitCube();
  }

  /** Numbers a row, features and condition. */
  public int width() {
    return width;
  }

  /**
   * Writes a row's features, and its condition behind them.
   *
   * @param target where to, {@link #width()} numbers from {@code offset} on; left half-written when
   *     the row is rejected
   * @return why the row can't be used; empty when it can
   */
  public Optional<RejectReason> encode(InternalRow row, float[] target, int offset) {
    if (record.isPresent() && record.get().isMalformed(row)) {
      return Optional.of(RejectReason.MALFORMED_RECORD);
    }
    int at = offset;
    for (int i = 0; i < readers.length; i++) {
      Optional<RejectReason> rejected = readers[i].read(row, i, target, at);
      if (rejected.isPresent()) {
        return rejected;
      }
      at += widths[i];
    }
    if (lacksAll(target, offset)) {
      return Optional.of(RejectReason.ALL_MISSING);
    }
    // Bytes are within [0, 1] by themselves.
    return supported ? Optional.empty() : support.check(target, offset, gaps);
  }

  private boolean lacksAll(float[] target, int offset) {
    int missing = 0;
    while (missing < neededFeatures && Float.isNaN(target[offset + missing])) {
      missing++;
    }
    return missing > 0 && missing == neededFeatures;
  }

  /** The kept columns of a row, for as long as the row lasts. */
  public InternalRow kept(InternalRow row) {
    return keptColumns == 0 ? InternalRow.empty() : row.getStruct(kept, keptColumns);
  }

  /**
   * A row's own value as text for a person to read, which its features don't give back.
   *
   * @param column which, in the order of {@link FeaturePlan#inputs}
   * @param element which of its values, of bytes, an array or a vector; else 0
   * @return "missing" where it is null or NaN
   */
  public UTF8String ownText(InternalRow row, int column, int element) {
    if (texts[column] == null) {
      texts[column] = new OwnText(column, schema.fields()[column].dataType());
    }
    return texts[column].of(row, element);
  }

  private static ColumnReader feature(ColumnPlan column, DataType type, boolean anyGap) {
    if (!(column instanceof FeatureColumn raw)) {
      return orMissing(column.reader(type), column.width());
    }
    ColumnReader reader = new RawReader(raw, type, anyGap);
    return anyGap && raw.kind() == FeatureColumn.Kind.NUMBER
        ? orMissing(reader, 1)
        // A whole array, vector or image that is null is no gap: nothing says how long it was.
        : orNull(reader, RejectReason.NULL_VALUE);
  }

  private static ColumnReader condition(ColumnReader reader) {
    return orNull(reader, RejectReason.NULL_CONDITION);
  }

  private static ColumnReader orNull(ColumnReader reader, RejectReason reason) {
    return (row, at, features, to) ->
        row.isNullAt(at) ? Optional.of(reason) : reader.read(row, at, features, to);
  }

  private static ColumnReader orMissing(ColumnReader reader, int width) {
    return (row, at, features, to) -> {
      if (row.isNullAt(at)) {
        Arrays.fill(features, to, to + width, Float.NaN);
        return Optional.empty();
      }
      return reader.read(row, at, features, to);
    };
  }
}
