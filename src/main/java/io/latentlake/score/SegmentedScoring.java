package io.latentlake.score;

import io.latentlake.data.Levels;
import io.latentlake.model.SegmentThresholds;
import io.latentlake.model.SegmentThresholds.Segment;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Flags rows by the thresholds of their segments, which a kept column tells; rows of a segment that
 * has none are flagged by the model's, and counted.
 */
final class SegmentedScoring extends FurtherWork {
  private static final int RAW_SCORE = ScoreColumns.SCHEMA.fieldIndex(ScoreColumns.RAW_SCORE);
  private static final int IS_ANOMALY = ScoreColumns.SCHEMA.fieldIndex(ScoreColumns.IS_ANOMALY);

  private final int ordinal;
  private final Levels levels;
  private final float[] thresholds;
  private final Optional<Float> ofNone;
  private long unknown;

  private SegmentedScoring(BatchWork scoring, Bound recipe) {
    super(scoring);
    this.ordinal = recipe.ordinal;
    List<Segment> segments = ofValues(recipe.segments);
    this.levels = levels(segments, recipe.type);
    this.thresholds = new float[segments.size()];
    for (int i = 0; i < thresholds.length; i++) {
      thresholds[i] = segments.get(i).threshold().score();
    }
    this.ofNone = recipe.segments.of(null);
  }

  private static List<Segment> ofValues(SegmentThresholds segments) {
    return segments.segments().stream().filter(segment -> segment.value() != null).toList();
  }

  private static Levels levels(List<Segment> segments, DataType type) {
    return new Levels(segments.stream().map(Segment::value).toList(), type);
  }

  /** The scores themselves where a model has one threshold for all rows. */
  static BatchWork.Recipe recipe(TrainedVae model, BatchWork.Recipe scoring) {
    return model
        .requireCalibration()
        .segments()
        .<BatchWork.Recipe>map(segments -> new Unbound(scoring, segments))
        .orElse(scoring);
  }

  /** Before it is known where the column is. */
  private record Unbound(BatchWork.Recipe scoring, SegmentThresholds segments)
      implements BatchWork.Recipe {
    @Override
    public StructType columns() {
      return scoring.columns();
    }

    @Override
    public BatchWork.Recipe keeping(StructType kept) {
      String column = segments.column();
      if (!List.of(kept.fieldNames()).contains(column)) {
        throw new InvalidInputException(
            "the model has a threshold for each '%s', which is not among the kept columns %s; keep it, or choose one threshold for all rows with 'threshold'"
                .formatted(column, List.of(kept.fieldNames())));
      }
      DataType type = kept.apply(column).dataType();
      requireLevels(column, type);
      List<String> ambiguous = levels(ofValues(segments), type).ambiguous();
      if (!ambiguous.isEmpty()) {
        throw new InvalidInputException(
            "column '%s' is %s, in which the model's segment '%s' is the same as another; make it text, as it was where the thresholds were chosen"
                .formatted(column, type.simpleString(), ambiguous.get(0)));
      }
      return new Bound(scoring, segments, kept.fieldIndex(column), type);
    }

    @Override
    public BatchWork open(TrainedVae model) {
      throw new IllegalStateException("no columns to read segments of");
    }
  }

  /**
   * Checks that a column's values can have thresholds of their own.
   *
   * @throws InvalidInputException when its type has no levels
   */
  static void requireLevels(String column, DataType type) {
    if (!Levels.reads(type)) {
      throw new InvalidInputException(
          "column '%s' is %s, and a model's thresholds are of text, whole numbers or booleans; make a column of these"
              .formatted(column, type.simpleString()));
    }
  }

  private record Bound(
      BatchWork.Recipe scoring, SegmentThresholds segments, int ordinal, DataType type)
      implements BatchWork.Recipe {
    @Override
    public StructType columns() {
      return scoring.columns();
    }

    @Override
    public BatchWork open(TrainedVae model) {
      return new SegmentedScoring(scoring.open(model), this);
    }
  }

  @Override
  public void write(int row, InputRow input, InternalRow added) {
    super.write(row, input, added);
    threshold(input.kept())
        .ifPresentOrElse(
            past -> added.setBoolean(IS_ANOMALY, !(added.getDouble(RAW_SCORE) <= past)),
            () -> unknown++);
  }

  private Optional<Float> threshold(InternalRow kept) {
    if (kept.isNullAt(ordinal)) {
      return ofNone;
    }
    int segment = levels.indexOf(kept, ordinal);
    return segment < 0 ? Optional.empty() : Optional.of(thresholds[segment]);
  }

  /** Rows whose segment has no threshold. */
  @Override
  public double[] sums() {
    return new double[] {unknown};
  }
}
