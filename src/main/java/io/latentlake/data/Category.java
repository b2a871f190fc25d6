package io.latentlake.data;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.LikelihoodSpec.Family;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * One of several: one-hot over the training table's most frequent levels, and behind them a place
 * for any other, also one that was never seen. Empty text is a level like another.
 *
 * @param name the column
 * @param levels the frequent ones as text, the most frequent first
 * @param others share of the training rows' values that is another
 * @param missing share of the training rows that have none
 */
@JsonIgnoreProperties(value = "kind", allowGetters = true)
public record Category(String name, List<String> levels, double others, double missing)
    implements ColumnPlan {
  static final String KIND = "category";
  private static final int NAMED = 5;

  public Category {
    if (name == null || name.isEmpty() || levels == null || levels.isEmpty()) {
      throw new InvalidInputException("a category needs a name and levels");
    }
    levels = List.copyOf(levels);
    if (levels.size() > ClassColumn.MOST_LEVELS) {
      throw new InvalidInputException(
          "column %s: %,d levels: at most %,d; hash it"
              .formatted(name, levels.size(), ClassColumn.MOST_LEVELS));
    }
    if (new HashSet<>(levels).size() < levels.size()) {
      throw new InvalidInputException("column %s: a level comes twice".formatted(name));
    }
  }

  @Override
  @JsonProperty("kind")
  public String label() {
    return KIND;
  }

  @Override
  public int width() {
    return levels.size() + 1;
  }

  @Override
  public Family family() {
    return Family.CATEGORICAL;
  }

  @Override
  public Category renamed(String other) {
    return new Category(other, levels, others, missing);
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
    var known = new Levels(levels, type);
    return (row, ordinal, target, at) -> {
      int level = known.indexOf(row, ordinal);
      LevelReader.putOne(target, at, width(), level < 0 ? levels.size() : level);
      return Optional.empty();
    };
  }

  @Override
  public DataType type() {
    return DataTypes.StringType;
  }

  /** The likeliest level; empty where that is any other. */
  @Override
  public Optional<String> value(float[] features, int at) {
    int level = LevelReader.largest(features, at, width());
    return Float.isNaN(features[at]) || level == levels.size()
        ? Optional.empty()
        : Optional.of(levels.get(level));
  }

  @Override
  public String becomes() {
    String first =
        String.join(
            ", ",
            levels.subList(0, Math.min(NAMED, levels.size())).stream()
                .map(l -> "'" + l + "'")
                .toList());
    return "one of %d: %s%s; another in %s of the rows"
        .formatted(
            levels.size(), first, levels.size() > NAMED ? ", …" : "", Significant.percent(others));
  }
}
