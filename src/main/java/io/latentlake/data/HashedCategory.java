package io.latentlake.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.datasketches.hash.MurmurHash3;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * One of very many: one-hot over buckets that the levels' hashes fall into (Weinberger et al.,
 * arXiv 0902.2206). Levels that share a bucket can't be told apart.
 *
 * @param name the column
 * @param buckets how many
 * @param missing share of the training rows that have none
 */
@JsonIgnoreProperties(value = "kind", allowGetters = true)
public record HashedCategory(String name, int buckets, double missing) implements ColumnPlan {
  static final String KIND = "hashed-category";
  private static final int SEED = 0;

  public HashedCategory {
    if (name == null || name.isEmpty()) {
      throw new InvalidInputException("a hashed category needs a name");
    }
    if (buckets < 2 || buckets > ClassColumn.MOST_LEVELS) {
      throw new InvalidInputException(
          "column %s: %d buckets: must be from 2 to %,d"
              .formatted(name, buckets, ClassColumn.MOST_LEVELS));
    }
  }

  @Override
  @JsonProperty("kind")
  public String label() {
    return KIND;
  }

  @Override
  public int width() {
    return buckets;
  }

  @Override
  public Family family() {
    return Family.CATEGORICAL;
  }

  @Override
  public HashedCategory renamed(String other) {
    return new HashedCategory(other, buckets, missing);
  }

  @Override
  public boolean reads(DataType type) {
    return Levels.reads(type);
  }

  @Override
  public String wanted() {
    return "text, a whole number or a boolean";
  }

  @Override
  public ColumnReader reader(DataType type) {
    return (row, ordinal, target, at) -> {
      LevelReader.putOne(target, at, buckets, bucket(Levels.text(row, ordinal, type)));
      return Optional.empty();
    };
  }

  private int bucket(String level) {
    // The hash of no bytes isn't defined there.
    byte[] bytes = ("=" + level).getBytes(StandardCharsets.UTF_8);
    return (int) Long.remainderUnsigned(MurmurHash3.hash(bytes, SEED)[0], buckets);
  }

  @Override
  public DataType type() {
    return DataTypes.StringType;
  }

  /** None: a bucket has many levels. */
  @Override
  public Optional<String> value(float[] features, int at) {
    return Optional.empty();
  }

  @Override
  public String text(float[] features, int at) {
    return Float.isNaN(features[at])
        ? "missing"
        : "bucket " + LevelReader.largest(features, at, buckets);
  }

  @Override
  public String becomes() {
    return "hashed into %d buckets".formatted(buckets);
  }
}
