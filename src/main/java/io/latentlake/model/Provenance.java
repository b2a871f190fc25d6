package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Properties;

/**
 * Where a model comes from.
 *
 * @param created when, ISO-8601, UTC
 * @param input the training table, as it was named, with its version where it keeps any
 * @param rows rows it was trained on
 * @param rejectedRows rows of the table that could not be used
 * @param latentlake version that trained it
 * @param spark version that it ran on
 * @param dl4j version that it ran on; null of a model that was trained before it was kept, as are
 *     those below
 * @param java version that it ran on
 * @param content hash of the rows as they were trained on, whatever their order, in hexadecimal
 * @param columns of the training table, each with its type
 */
public record Provenance(
    String created,
    String input,
    long rows,
    long rejectedRows,
    String latentlake,
    String spark,
    String dl4j,
    String java,
    String content,
    List<String> columns)
    implements java.io.Serializable {
  private static final String VERSIONS = "versions.properties";

  public Provenance {
    if (created == null || input == null || latentlake == null || spark == null) {
      throw new InvalidInputException("provenance: incomplete");
    }
    columns = columns == null ? null : List.copyOf(columns);
  }

  /** What models knew before more was kept. */
  public Provenance(
      String created, String input, long rows, long rejectedRows, String latentlake, String spark) {
    this(created, input, rows, rejectedRows, latentlake, spark, null, null, null, null);
  }

  /** Of a training that ends now, by what runs; the parameters are the components of that name. */
  public static Provenance now(
      String input,
      long rows,
      long rejectedRows,
      String spark,
      String content,
      List<String> columns) {
    return new Provenance(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        input,
        rows,
        rejectedRows,
        runningVersion(),
        spark,
        dl4jVersion(),
        Runtime.version().toString(),
        content,
        columns);
  }

  /** The version of the LatentLake that runs; "development" outside its jar. */
  public static String runningVersion() {
    String version = Provenance.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** As the build knows it: DL4J's own jar says it no more once it is a part of ours. */
  private static String dl4jVersion() {
    var versions = new Properties();
    try (InputStream in = Provenance.class.getResourceAsStream(VERSIONS)) {
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions.getProperty("dl4j");
  }
}
