package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec;
import io.latentlake.spec.LikelihoodSpec.Family;
import io.latentlake.spec.LikelihoodSpec.Group;
import io.latentlake.spec.RowShape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Which columns make a row's features, and its condition behind them, in which order; fixed when a
 * model is trained and kept in it.
 *
 * @param columns the features', one behind the other
 * @param condition what stands behind them
 */
public record FeaturePlan(List<ColumnPlan> columns, Condition condition) implements Serializable {
  /** Numbers a row may have: more than any table, and few enough to count with. */
  private static final long MOST = 1 << 24;

  public FeaturePlan {
    if (columns == null || columns.isEmpty()) {
      throw new InvalidInputException("no feature columns; name them with --features");
    }
    columns = List.copyOf(columns);
    long width = columns.stream().mapToLong(ColumnPlan::width).sum();
    if (width > MOST) {
      throw new InvalidInputException(
          "features: the columns have %,d values a row; at most %,d".formatted(width, MOST));
    }
  }

  /** Features without a condition. */
  public FeaturePlan(List<? extends ColumnPlan> columns) {
    this(List.copyOf(columns), Condition.NONE);
  }

  /** How many features a row has, whether some may be missing, and how wide its condition is. */
  public RowShape shape() {
    return new RowShape(
        columns.stream().mapToInt(ColumnPlan::width).sum(), condition.width(), gaps());
  }

  /** Whether a feature may be missing. */
  private boolean gaps() {
    return columns.stream().anyMatch(ColumnPlan::gaps);
  }

  /**
   * The likelihood that is asked for; where that is left to the plan, one group a column, and
   * neighbours that are under one family together.
   */
  public LikelihoodSpec likelihood(LikelihoodSpec wanted) {
    if (wanted.family() != Family.AUTO) {
      return wanted;
    }
    if (!gaps()) {
      return wanted.resolved(Family.BERNOULLI, List.of());
    }
    var groups = new ArrayList<Group>();
    for (ColumnPlan column : columns) {
      int last = groups.size() - 1;
      boolean joins =
          last >= 0
              && column.family() != Family.CATEGORICAL
              && groups.get(last).family() == column.family();
      int before = joins ? groups.remove(last).width() : 0;
      groups.add(new Group(column.family(), before + column.width()));
    }
    return wanted.resolved(Family.MIXED, groups);
  }

  /** Numbers a row, features and condition. */
  public int width() {
    return shape().width();
  }

  /** The names of all columns, as they stand in a row: the features', then the condition's. */
  public List<String> inputs() {
    return Stream.concat(names().stream(), condition.names().stream()).toList();
  }

  /** The columns whose values are taken as they are, of the features and of the condition. */
  public List<FeatureColumn> numbers() {
    Stream<FeatureColumn> raw =
        columns.stream().filter(FeatureColumn.class::isInstance).map(FeatureColumn.class::cast);
    return Stream.concat(raw, condition.numbers().stream()).toList();
  }

  /** The names of the features' columns. */
  public List<String> names() {
    return columns.stream().map(ColumnPlan::name).toList();
  }

  /**
   * The same features from columns of other names.
   *
   * @throws InvalidInputException when the number of names differs
   */
  public FeaturePlan renamed(List<String> names) {
    if (names.size() != columns.size()) {
      throw new InvalidInputException(
          "--features %s: the model takes %d columns, for %s"
              .formatted(String.join(",", names), columns.size(), names()));
    }
    return new FeaturePlan(
        IntStream.range(0, names.size())
            .<ColumnPlan>mapToObj(i -> columns.get(i).renamed(names.get(i)))
            .toList(),
        condition);
  }

  /**
   * Whether every number is an unsigned byte (0 and 1 are, of a class), so that a row packs into a
   * quarter of the room.
   */
  public boolean allBytes() {
    return !gaps()
        && numbers().stream().allMatch(column -> column.kind() == FeatureColumn.Kind.BYTES);
  }

  /**
   * Checks that a table has these columns, with types that give the same features.
   *
   * @param what the table's name, for the error
   * @throws InvalidInputException naming the first column that doesn't fit
   */
  public void validate(StructType schema, String what) {
    for (ColumnPlan column : columns) {
      DataType type = type(schema, column.name(), what);
      if (column.gaps() && !column.reads(type)) {
        throw new InvalidInputException(
            "%s: column '%s' is %s, but the model was trained on %s"
                .formatted(what, column.name(), type.simpleString(), column.wanted()));
      }
    }
    for (FeatureColumn column : numbers()) {
      FeatureColumn.Kind found = kind(schema, column.name(), what);
      if (found != column.kind()) {
        throw new InvalidInputException(
            "%s: column '%s' is %s, but the model was trained on %s"
                .formatted(
                    what,
                    column.name(),
                    type(schema, column.name(), what).simpleString(),
                    column.kind()));
      }
    }
    for (ClassColumn column : condition.classes()) {
      if (!isClass(schema, column.name(), what)) {
        throw new InvalidInputException(
            "%s: column '%s' is %s, but the model was trained on a class: text, whole numbers or booleans"
                .formatted(what, column.name(), type(schema, column.name(), what).simpleString()));
      }
    }
  }

  /**
   * How a column's values become features.
   *
   * @throws InvalidInputException when there is no such column or its type gives none
   */
  static FeatureColumn.Kind kind(StructType schema, String column, String what) {
    DataType type = type(schema, column, what);
    return FeatureColumn.Kind.of(type)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "%s: column '%s' is %s; features must be binary, an ML vector, an array of float or double,"
                            .formatted(what, column, type.simpleString())
                        + " or numbers; --features auto, or %s:auto, plans other kinds"
                            .formatted(column)));
  }

  /**
   * Whether a column of the condition is a class: text, whole numbers and booleans are.
   *
   * @throws InvalidInputException when there is no such column
   */
  static boolean isClass(StructType schema, String column, String what) {
    return Levels.reads(type(schema, column, what));
  }

  static DataType type(StructType schema, String column, String what) {
    return ColumnPath.type(schema, column)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "%s: no column '%s'; its columns are %s"
                        .formatted(
                            what,
                            column,
                            String.join(", ", MalformedRecords.without(schema).fieldNames()))));
  }
}
