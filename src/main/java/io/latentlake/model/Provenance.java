package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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
    if (columns != null) {
      columns.forEach(Provenance::requireType);
    }
  }

  private static void requireType(String column) {
    if (column.indexOf(' ') < 0) {
      throw new InvalidInputException(
          "provenance.columns: '%s': must be a column's name and its type, a space between them"
              .formatted(column));
    }
  }

  /** The same where columns have other names, each in its place; it is those by which one reads. */
  Provenance renamed(List<String> names, List<String> others) {
    if (columns == null || names.equals(others)) {
      return this;
    }
    var renamed = new ArrayList<String>();
    for (String column : columns) {
      int space = column.lastIndexOf(' ');
      String name = column.substring(0, space);
      int at = names.indexOf(name);
      if (at >= 0) {
        renamed.add(others.get(at) + column.substring(space));
      } else if (!others.contains(name)) {
        renamed.add(column);
      }
    }
    return new Provenance(
        created, input, rows, rejectedRows, latentlake, spark, dl4j, java, content, renamed);
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
