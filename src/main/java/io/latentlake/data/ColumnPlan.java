package io.latentlake.data;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;

/**
 * What becomes of one column: how many features, how its values become them and they values again,
 * and which likelihood they are under. All but {@link FeatureColumn}, which takes values as they
 * are, are learned from the training table, and let a value be missing: its features are NaN.
 *
 * <p>In {@code model.json} the {@code kind} says which of these a column is; the list is closed.
 */
@JsonTypeInfo(
    use = JsonTypeInfo.Id.NAME,
    include = JsonTypeInfo.As.EXISTING_PROPERTY,
    property = "kind",
    visible = true)
@JsonSubTypes({
  @JsonSubTypes.Type(
      value = FeatureColumn.class,
      names = {"bytes", "vector", "array", "number"}),
  @JsonSubTypes.Type(value = ScaledNumber.class, name = ScaledNumber.KIND),
  @JsonSubTypes.Type(value = Category.class, name = Category.KIND),
  @JsonSubTypes.Type(value = HashedCategory.class, name = HashedCategory.KIND),
  @JsonSubTypes.Type(value = Flag.class, name = Flag.KIND),
  @JsonSubTypes.Type(value = TimeParts.class, name = TimeParts.KIND)
})
public sealed interface ColumnPlan extends Serializable
    permits FeatureColumn, ScaledNumber, Category, HashedCategory, Flag, TimeParts {

  /** The column. */
  String name();

  /** Which of these it is, in a word. */
  String label();

  /** How many features. */
  int width();

  /** The likelihood of its features, where the plan chooses it. */
  Family family();

  /** Whether a value may be missing. */
  default boolean gaps() {
    return true;
  }

  /** The same for a column of another name. */
  ColumnPlan renamed(String other);

  /** Whether a column of such a type can be read. */
  boolean reads(DataType type);

  /** What {@link #reads} takes, for an error. */
  String wanted();

  /**
   * Reads the column's values, other than null.
   *
   * @param type of the column, one that {@link #reads} takes
   */
  ColumnReader reader(DataType type);

  /** The type that {@link #value} can be cast to. */
  DataType type();

  /**
   * The way back: the value that features stand for, as text that casts to {@link #type}.
   *
   * @param features those of the column from {@code at} on, encoded or expected
   * @return empty where there is none: where it is missing, or one of many
   */
  Optional<String> value(float[] features, int at);

  /** The value for a person to read: {@link #value}, or why there is none. */
  default String text(float[] features, int at) {
    return value(features, at).orElse(Float.isNaN(features[at]) ? "missing" : "another");
  }

  /** Share of the training rows that had no value. */
  double missing();

  /** What becomes of it, in plain words. */
  String becomes();
}
