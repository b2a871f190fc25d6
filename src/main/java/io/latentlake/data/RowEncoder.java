package io.latentlake.data;

import io.latentlake.spec.LikelihoodSpec;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import scala.collection.Seq;

/** Turns rows into features: the same numbers in training and in scoring. */
public final class RowEncoder implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What one step of an unsigned byte is worth. */
  public static final float BYTE_STEP = 1f / 255f;

  private final FeaturePlan plan;
  private final int width;
  private final boolean allBytes;
  private final double minimum;
  private final double maximum;

  /**
   * An encoder.
   *
   * @param likelihood says which values have a density
   */
  public RowEncoder(FeaturePlan plan, LikelihoodSpec likelihood) {
    this.plan = plan;
    this.width = plan.width();
    this.allBytes = plan.allBytes();
    this.minimum = likelihood.family().minimum();
    this.maximum = likelihood.family().maximum();
  }

  public FeaturePlan plan() {
    return plan;
  }

  /**
   * Writes a row's features.
   *
   * @param features where to, {@code plan.width()} numbers from {@code offset} on; left
   *     half-written when the row is rejected
   * @return why the row can't be used; empty when it can
   */
  public Optional<RejectReason> encode(Row row, float[] features, int offset) {
    int at = offset;
    for (FeatureColumn column : plan.columns()) {
      int index = row.fieldIndex(column.name());
      Optional<RejectReason> rejected =
          row.isNullAt(index)
              ? Optional.of(RejectReason.NULL_VALUE)
              : write(row, index, column, features, at);
      if (rejected.isPresent()) {
        return rejected;
      }
      at += column.width();
    }
    // Bytes are within [0, 1] by themselves, which every likelihood takes.
    return allBytes ? Optional.empty() : check(features, offset);
  }

  private static Optional<RejectReason> write(
      Row row, int index, FeatureColumn column, float[] features, int at) {
    return switch (column.kind()) {
      case BYTES -> bytes((byte[]) row.get(index), column, features, at);
      case VECTOR -> vector((Vector) row.get(index), column, features, at);
      case ARRAY -> array(row.get(index), column, features, at);
      case NUMBER -> {
        features[at] = ((Number) row.get(index)).floatValue();
        yield Optional.empty();
      }
    };
  }

  private static Optional<RejectReason> bytes(
      byte[] values, FeatureColumn column, float[] features, int at) {
    if (values.length != column.width()) {
      return Optional.of(RejectReason.WRONG_LENGTH);
    }
    for (int i = 0; i < values.length; i++) {
      features[at + i] = (values[i] & 0xff) * BYTE_STEP;
    }
    return Optional.empty();
  }

  private static Optional<RejectReason> vector(
      Vector values, FeatureColumn column, float[] features, int at) {
    if (values.size() != column.width()) {
      return Optional.of(RejectReason.WRONG_LENGTH);
    }
    for (int i = 0; i < column.width(); i++) {
      features[at + i] = (float) values.apply(i);
    }
    return Optional.empty();
  }

  private static Optional<RejectReason> array(
      Object values, FeatureColumn column, float[] features, int at) {
    var list = (Seq<?>) values;
    if (list.size() != column.width()) {
      return Optional.of(RejectReason.WRONG_LENGTH);
    }
    for (int i = 0; i < column.width(); i++) {
      Object value = list.apply(i);
      if (value == null) {
        return Optional.of(RejectReason.NULL_VALUE);
      }
      features[at + i] = ((Number) value).floatValue();
    }
    return Optional.empty();
  }

  private Optional<RejectReason> check(float[] features, int offset) {
    for (int i = offset; i < offset + width; i++) {
      float value = features[i];
      if (Float.isNaN(value)) {
        return Optional.of(RejectReason.NOT_A_NUMBER);
      }
      if (Float.isInfinite(value)) {
        return Optional.of(RejectReason.INFINITE_VALUE);
      }
      if (value < minimum || value > maximum) {
        return Optional.of(RejectReason.OUT_OF_RANGE);
      }
    }
    return Optional.empty();
  }
}
