package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What rows are given beside their features: classes, and numbers behind them.
 *
 * @param classes columns that are one-hot
 * @param numbers columns that are read as features are
 */
public record Condition(List<ClassColumn> classes, List<FeatureColumn> numbers)
    implements Serializable {

  /** Where a model is given nothing. */
  public static final Condition NONE = new Condition(List.of(), List.of());

  public Condition {
    if (classes == null || numbers == null) {
      throw new InvalidInputException("condition: its classes and numbers must be set");
    }
    classes = List.copyOf(classes);
    numbers = List.copyOf(numbers);
  }

  /** Numbers a row. */
  public int width() {
    return classes.stream().mapToInt(ClassColumn::width).sum() + numbersWidth();
  }

  private int numbersWidth() {
    return numbers.stream().mapToInt(FeatureColumn::width).sum();
  }

  /** The columns' names, as they stand in a row. */
  public List<String> names() {
    return Stream.concat(
            classes.stream().map(ClassColumn::name), numbers.stream().map(FeatureColumn::name))
        .toList();
  }

  /**
   * The condition that values given as text make.
   *
   * @param values a level of each class, then each number
   * @return {@code [width()]}
   * @throws InvalidInputException when there are more or fewer, or one is no level or no number
   */
  public float[] of(List<String> values) {
    if (values.size() != classes.size() + numbersWidth()) {
      throw new InvalidInputException(
          "%d values %s for a condition: the model takes %d, for %s; give each with --class"
              .formatted(values.size(), values, classes.size() + numbersWidth(), names()));
    }
    var made = new float[width()];
    int at = 0;
    for (int i = 0; i < classes.size(); i++) {
      made[at + classes.get(i).indexOf(values.get(i))] = 1;
      at += classes.get(i).width();
    }
    for (String value : values.subList(classes.size(), values.size())) {
      made[at++] = number(value);
    }
    return made;
  }

  private static float number(String value) {
    try {
      float number = Float.parseFloat(value);
      if (Float.isFinite(number)) {
        return number;
      }
      throw new InvalidInputException("condition %s: must be a finite number".formatted(value));
    } catch (NumberFormatException e) {
      throw new InvalidInputException("condition %s: must be a number".formatted(value), e);
    }
  }
}
