package io.latentlake.data;

import io.latentlake.data.ScaledNumber.Scaling;
import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** What a column is asked to become: {@code name:kind} in {@code --features}. */
public enum FeatureKind {
  /** What its type and its values suggest. */
  AUTO(type -> true),
  /** Its values as they are. */
  RAW(type -> FeatureColumn.Kind.of(type).isPresent()),
  /** A number, to mean 0 and standard deviation 1. */
  STANDARD(NumericType.class::isInstance),
  /** A number, to median 0 and the interquartile range of a standard normal distribution. */
  ROBUST(NumericType.class::isInstance),
  /** A number, to 0 to 1. */
  MIN_MAX(NumericType.class::isInstance),
  /** A number as it is, which may be missing. */
  NONE(NumericType.class::isInstance),
  /** The logarithm of a number. */
  LOG(NumericType.class::isInstance),
  /** The logarithm of 1 + a number of things. */
  COUNT(NumericType.class::isInstance),
  /** One of several. */
  CATEGORY(Levels::reads),
  /** One of very many. */
  HASH(Levels::reads),
  /** True or false. */
  BOOLEAN(BooleanType.class::isInstance),
  /** A date or a timestamp, in all its parts. */
  TIMESTAMP(FeatureKind::isTime);

  private final Predicate<DataType> reads;

  FeatureKind(Predicate<DataType> reads) {
    this.reads = reads;
  }

  /** The kind of that name; empty where there is none. */
  static Optional<FeatureKind> named(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst();
  }

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How a number is scaled; for the kinds of numbers without a logarithm. */
  Scaling scaling() {
    return switch (this) {
      case ROBUST -> Scaling.ROBUST;
      case MIN_MAX -> Scaling.MIN_MAX;
      case NONE -> Scaling.NONE;
      default -> Scaling.STANDARD;
    };
  }

  static boolean isTime(DataType type) {
    return type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  /**
   * Checks that a column of such a type can be this.
   *
   * @throws InvalidInputException when it can't
   */
  void requireType(String column, DataType type) {
    if (!reads.test(type)) {
      String possible =
          Arrays.stream(values())
              .filter(kind -> kind.reads.test(type))
              .map(FeatureKind::label)
              .collect(Collectors.joining(", "));
      throw new InvalidInputException(
          "features %s:%s: the column is %s; it can be %s"
              .formatted(column, label(), type.simpleString(), possible));
    }
  }

  /** What is counted of a column that is to become this; empty where nothing can become of it. */
  Optional<ColumnSketch> sketch(DataType type) {
    boolean levels =
        this == CATEGORY || this == HASH || (this == AUTO && type instanceof StringType);
    if (levels) {
      return Optional.of(new LevelSketch(type));
    }
    return type instanceof NumericType || type instanceof BooleanType || isTime(type)
        ? Optional.of(new NumberSketch(type))
        : Optional.empty();
  }
}
