package io.latentlake.spec;

import java.util.List;

/** The checks that the records share; each failure names the setting, its value and the rule. */
final class Require {
  private Require() {}

  static void atLeast(String setting, long value, long minimum) {
    if (value < minimum) {
      throw new InvalidInputException(
          "%s = %d: must be at least %d".formatted(setting, value, minimum));
    }
  }

  /** A stranger's model that says so would take all memory, or all time. */
  static void atMost(String setting, long value, long maximum) {
    if (value > maximum) {
      throw new InvalidInputException(
          "%s = %d: must be at most %d".formatted(setting, value, maximum));
    }
  }

  static void positive(String setting, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InvalidInputException(
          "%s = %s: must be a finite number above 0".formatted(setting, value));
    }
  }

  static void notNegative(String setting, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new InvalidInputException(
          "%s = %s: must be a finite number, at least 0".formatted(setting, value));
    }
  }

  static void between(String setting, double value, double low, double high) {
    if (!(value > low && value < high)) {
      throw new InvalidInputException(
          "%s = %s: must lie strictly between %s and %s".formatted(setting, value, low, high));
    }
  }

  static void fraction(String setting, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new InvalidInputException(
          "%s = %s: must be at least 0 and below 1".formatted(setting, value));
    }
  }

  static void share(String setting, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new InvalidInputException(
          "%s = %s: must be at least 0 and at most 1".formatted(setting, value));
    }
  }

  static void sizes(String setting, List<Integer> sizes) {
    sizes.forEach(size -> atLeast(setting + " layer size", size, 1));
  }

  static <T> void present(String setting, T value) {
    if (value == null) {
      throw new InvalidInputException(setting + ": must be set");
    }
  }
}
