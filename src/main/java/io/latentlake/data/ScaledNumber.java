package io.latentlake.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;

/**
 * A number x as (t − center) / scale, where t is x itself or, for heavy tails, its sign-preserving
 * logarithm sign(x) log(1 + |x| / unit). Past {@value #LARGEST} in size it is held there: so far
 * out a value is as strange as can be, and a larger one would only overflow.
 *
 * @param name the column
 * @param scaling what center and scale are of the training rows' t
 * @param unit of the logarithm; 0 where none is taken
 * @param center where 0 is
 * @param scale what 1 is worth
 * @param whole whether the values are whole numbers
 * @param missing share of the training rows that have none
 */
@JsonIgnoreProperties(value = "kind", allowGetters = true)
public record ScaledNumber(
    String name,
    Scaling scaling,
    double unit,
    double center,
    double scale,
    boolean whole,
    double missing)
    implements ColumnPlan {
  static final String KIND = "scaled-number";
  private static final float LARGEST = 1e4f;

  /** What the center and the scale are. */
  public enum Scaling {
    /** Mean and standard deviation. */
    @JsonProperty("standard")
    STANDARD("mean", "standard deviation"),
    /** Median, and the interquartile range as a normal distribution's standard deviation. */
    @JsonProperty("robust")
    ROBUST("median", "robust deviation"),
    /** Minimum, and the distance to the maximum. */
    @JsonProperty("min-max")
    MIN_MAX("minimum", "range"),
    /** 0 and 1. */
    @JsonProperty("none")
    NONE("center", "scale");

    private final String center;
    private final String scale;

    Scaling(String center, String scale) {
      this.center = center;
      this.scale = scale;
    }
  }

  public ScaledNumber {
    if (name == null || name.isEmpty() || scaling == null) {
      throw new InvalidInputException("a scaled number needs a name and a scaling");
    }
    if (!(scale > 0) || Double.isInfinite(scale) || !Double.isFinite(center)) {
      throw new InvalidInputException(
          "column %s: center %s, scale %s: must be finite, and the scale above 0"
              .formatted(name, center, scale));
    }
    if (!(unit >= 0) || Double.isInfinite(unit)) {
      throw new InvalidInputException(
          "column %s: unit %s: must be finite, and at least 0".formatted(name, unit));
    }
  }

  @Override
  @JsonProperty("kind")
  public String label() {
    return KIND;
  }

  @Override
  public int width() {
    return 1;
  }

  @Override
  public Family family() {
    return Family.GAUSSIAN_FEATURE_VARIANCE;
  }

  @Override
  public ScaledNumber renamed(String other) {
    return new ScaledNumber(other, scaling, unit, center, scale, whole, missing);
  }

  @Override
  public boolean reads(DataType type) {
    return type instanceof NumericType;
  }

  @Override
  public String wanted() {
    return "a number";
  }

  @Override
  public ColumnReader reader(DataType type) {
    NumberReader number = NumberReader.of(type);
    return (row, ordinal, target, at) -> {
      double value = number.read(row, ordinal);
      target[at] = encode(value);
      return Double.isInfinite(value) ? Optional.of(RejectReason.INFINITE_VALUE) : Optional.empty();
    };
  }

  private float encode(double value) {
    double scaled = (logarithm(value, unit) - center) / scale;
    return (float) Math.max(-LARGEST, Math.min(LARGEST, scaled));
  }

  /** sign(x) log(1 + |x| / unit), or x where the unit is 0. */
  static double logarithm(double value, double unit) {
    return unit == 0 ? value : Math.copySign(Math.log1p(Math.abs(value) / unit), value);
  }

  @Override
  public DataType type() {
    return whole ? DataTypes.LongType : DataTypes.DoubleType;
  }

  @Override
  public Optional<String> value(float[] features, int at) {
    if (Float.isNaN(features[at])) {
      return Optional.empty();
    }
    double scaled = features[at] * scale + center;
    double value = unit == 0 ? scaled : Math.copySign(unit * Math.expm1(Math.abs(scaled)), scaled);
    double finite = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
    return Optional.of(whole ? Long.toString(Math.round(finite)) : Significant.text(finite));
  }

  @Override
  public String becomes() {
    String taken = unit == 0 ? "" : unit == 1 ? "log(1 + x), " : "log(1 + x/" + unit + "), ";
    return "%s%s %s, %s %s"
        .formatted(
            taken,
            scaling.center,
            Significant.text(center),
            scaling.scale,
            Significant.text(scale));
  }
}
