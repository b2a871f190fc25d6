package io.latentlake.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.util.Optional;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A boolean, as 1 or 0.
 *
 * @param name the column
 * @param share of the training rows' values that is true
 * @param missing share of the training rows that have none
 */
@JsonIgnoreProperties(value = "kind", allowGetters = true)
public record Flag(String name, double share, double missing) implements ColumnPlan {
  static final String KIND = "flag";

  public Flag {
    if (name == null || name.isEmpty()) {
      throw new InvalidInputException("a flag needs a name");
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
    return Family.BERNOULLI;
  }

  @Override
  public Flag renamed(String other) {
    return new Flag(other, share, missing);
  }

  @Override
  public boolean reads(DataType type) {
    return type instanceof BooleanType;
  }

  @Override
  public String wanted() {
    return "a boolean";
  }

  @Override
  public ColumnReader reader(DataType type) {
    return (row, ordinal, target, at) -> {
      target[at] = row.getBoolean(ordinal) ? 1 : 0;
      return Optional.empty();
    };
  }

  @Override
  public DataType type() {
    return DataTypes.BooleanType;
  }

  /** What is likelier. */
  @Override
  public Optional<String> value(float[] features, int at) {
    return Float.isNaN(features[at])
        ? Optional.empty()
        : Optional.of(Boolean.toString(features[at] > 0.5f));
  }

  @Override
  public String becomes() {
    return "0 or 1; true in " + Significant.percent(share);
  }
}
