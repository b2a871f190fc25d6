package io.latentlake.score;

import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What becomes of a row that can't be scored, in Spark ML's terms. */
public enum HandleInvalid {
  /** The task fails. */
  ERROR,
  /** It is left out. */
  SKIP,
  /** It stays, its scores null. */
  KEEP;

  /** What Spark ML calls it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one of that name.
   *
   * @throws InvalidInputException when there is none
   */
  public static HandleInvalid named(String name) {
    return Arrays.stream(values())
        .filter(value -> value.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "handleInvalid %s: must be one of %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(HandleInvalid::label)
                                .collect(Collectors.joining(", ")))));
  }
}
