package io.latentlake.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;

/**
 * One column that gives features.
 *
 * @param name the column
 * @param kind how its value becomes numbers
 * @param width how many
 */
public record FeatureColumn(String name, Kind kind, int width) implements Serializable {

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
    NUMBER
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

  FeatureColumn renamed(String other) {
    return new FeatureColumn(other, kind, width);
  }
}
