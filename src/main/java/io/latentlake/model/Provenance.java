package io.latentlake.model;

import io.latentlake.spec.InvalidInputException;

/**
 * Where a model comes from.
 *
 * @param created when, ISO-8601, UTC
 * @param input the training table, as it was named
 * @param rows rows it was trained on
 * @param rejectedRows rows of the table that could not be used
 * @param latentlake version that trained it
 * @param spark version that it ran on
 */
public record Provenance(
    String created, String input, long rows, long rejectedRows, String latentlake, String spark)
    implements java.io.Serializable {
  public Provenance {
    if (created == null || input == null || latentlake == null || spark == null) {
      throw new InvalidInputException("provenance: incomplete");
    }
  }

  /** The version of the LatentLake that runs; "development" outside its jar. */
  public static String runningVersion() {
    String version = Provenance.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
