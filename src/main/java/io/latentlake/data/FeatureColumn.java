package io.latentlake.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;

/**
 * One column whose values are features as they are. None may be missing.
 *
 * @param name the column
 * @param kind how its value becomes numbers
 * @param width how many
 */
public record FeatureColumn(String name, Kind kind, int width) implements ColumnPlan {

  private static final int SHOWN = 3;

  /** How a value becomes numbers. */
  public enum Kind {
    /** Unsigned bytes, scaled by 1/255. */
    @JsonProperty("bytes")
    BYTES,
    /** A Spark ML vector, dense or sparse. */
    @JsonProperty("vector")
    VECTOR,
    /** An array of floats or doubles. */
    @JsonProperty("array")
    ARRAY,
    /** One number. */
    @JsonProperty("number")
    NUMBER;

    /** How a column of such a type becomes numbers; empty where it doesn't. */
    static Optional<Kind> of(DataType type) {
      if (type instanceof BinaryType) {
        return Optional.of(BYTES);
      }
      if (type.equals(SQLDataTypes.VectorType())) {
        return Optional.of(VECTOR);
      }
      if (type instanceof ArrayType array
          && (array.elementType().equals(DataTypes.FloatType)
              || array.elementType().equals(DataTypes.DoubleType))) {
        return Optional.of(ARRAY);
      }
      return type instanceof NumericType ? Optional.of(NUMBER) : Optional.empty();
    }
  }

  public FeatureColumn {
    if (name == null || name.isEmpty() || kind == null) {
      throw new InvalidInputException("a feature column needs a name and a kind");
    }
    if (width < 1) {
      throw new InvalidInputException(
          "column %s: width %d: must be at least 1".formatted(name, width));
    }
  }

  @Override
  public FeatureColumn renamed(String other) {
    return new FeatureColumn(other, kind, width);
  }

  @Override
  public String label() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Family family() {
    return kind == Kind.BYTES ? Family.BERNOULLI : Family.GAUSSIAN_FEATURE_VARIANCE;
  }

  @Override
  public boolean gaps() {
    return false;
  }

  @Override
  public boolean reads(DataType type) {
    return Optional.of(kind).equals(Kind.of(type));
  }

  @Override
  public String wanted() {
    return kind.toString();
  }

  @Override
  public ColumnReader reader(DataType type) {
    return new RawReader(this, type, false);
  }

  @Override
  public DataType type() {
    return DataTypes.DoubleType;
  }

  /** The number that it is; none where it is several. */
  @Override
  public Optional<String> value(float[] features, int at) {
    return width > 1 || Float.isNaN(features[at])
        ? Optional.empty()
        : Optional.of(Significant.text(features[at]));
  }

  /** The first numbers, of several. */
  @Override
  public String text(float[] features, int at) {
    String shown =
        IntStream.range(at, at + Math.min(width, SHOWN))
            .mapToObj(i -> Float.isNaN(features[i]) ? "missing" : Significant.text(features[i]))
            .collect(Collectors.joining(", "));
    return width <= SHOWN ? shown : shown + ", …";
  }

  /** None: such rows can't be used. */
  @Override
  public double missing() {
    return 0;
  }

  @Override
  public String becomes() {
    return width == 1 ? "as it is" : "%d values as they are".formatted(width);
  }
}
