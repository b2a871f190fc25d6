package io.latentlake.data;

import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The table formats that are read and written. */
public enum Format {
  PARQUET,
  CSV,
  JSON,
  ORC,
  AVRO,
  /** Images as in MNIST; read only. */
  IDX;

  /** What Spark and the command line call it. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The format of that name.
   *
   * @throws InvalidInputException when there is none
   */
  public static Format named(String name) {
    return Arrays.stream(values())
        .filter(format -> format.label().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "format %s: must be one of %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Format::label)
                                .collect(Collectors.joining(", ")))));
  }
}
