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
  IDX,
  /** Delta Lake, by path or name. */
  DELTA("io.delta.sql.DeltaSparkSessionExtension", "io.delta:delta-spark_2.12:3.3.2"),
  /** Apache Iceberg, by path or name. */
  ICEBERG(
      "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
      "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.0"),
  /** A table of Spark's catalog, by name, whatever its format. */
  TABLE;

  /** What must be on the classpath, and the package that brings it; null where Spark has it. */
  private final String library;

  private final String coordinates;

  Format() {
    this(null, null);
  }

  Format(String library, String coordinates) {
    this.library = library;
    this.coordinates = coordinates;
  }

  /** Whether its tables have names and versions, and are committed by Spark and not by us. */
  public boolean isLake() {
    return this == DELTA || this == ICEBERG || this == TABLE;
  }

  /**
   * Checks that its library is there: a cluster's users bring it themselves.
   *
   * @throws InvalidInputException when it isn't
   */
  public void requireInstalled() {
    if (library == null) {
      return;
    }
    try {
      Class.forName(library, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException e) {
      throw new InvalidInputException(
          "format %s: its library isn't installed; add it with -- --packages %s --conf spark.sql.extensions=%s and its catalog, as its own documentation says"
              .formatted(label(), coordinates, library),
          e);
    }
  }

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
