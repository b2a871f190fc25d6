package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;

/**
 * A column that says which class a row is of, one-hot over the levels that the training table has.
 *
 * @param name the column
 * @param levels what it may hold, as text, in the order of their numbers
 */
public record ClassColumn(String name, List<String> levels) implements Serializable {
  /** Levels a class may have. */
  public static final int MOST_LEVELS = 1000;

  public ClassColumn {
    if (name == null || name.isEmpty() || levels == null || levels.isEmpty()) {
      throw new InvalidInputException("a class needs a name and levels");
    }
    levels = List.copyOf(levels);
    if (new HashSet<>(levels).size() < levels.size()) {
      throw new InvalidInputException(
          "class %s: a level comes twice in %s".formatted(name, levels));
    }
  }

  /** How many numbers it is. */
  public int width() {
    return levels.size();
  }

  /**
   * Which number a level is.
   *
   * @throws InvalidInputException when it is none
   */
  int indexOf(String level) {
    int index = levels.indexOf(level);
    if (index < 0) {
      throw new InvalidInputException(
          "%s = %s: the model knows %s".formatted(name, level, String.join(", ", levels)));
    }
    return index;
  }
}
