package io.latentlake;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * One local Spark session for all tests of a JVM, with two task slots, and with Delta's and
 * Iceberg's catalogs: Delta's is Spark's own, Iceberg's is called {@code lake}.
 */
public final class SharedSpark {
  private static SparkSession session;

  private SharedSpark() {}

  /** The session; started by whoever asks first, stopped with the JVM. */
  public static synchronized SparkSession session() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("tests")
              .config("spark.ui.enabled", false)
              .config("spark.sql.shuffle.partitions", 2)
              .config("spark.sql.warehouse.dir", Path.of("target", "warehouse").toString())
              .config(
                  "spark.sql.extensions",
                  "io.delta.sql.DeltaSparkSessionExtension,"
                      + "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
              .config(
                  "spark.sql.catalog.spark_catalog",
                  "org.apache.spark.sql.delta.catalog.DeltaCatalog")
              // What Iceberg takes for paths; by itself it wants Hive.
              .config("spark.sql.catalog.default_iceberg", "org.apache.iceberg.spark.SparkCatalog")
              .config("spark.sql.catalog.default_iceberg.type", "hadoop")
              .config(
                  "spark.sql.catalog.default_iceberg.warehouse",
                  Path.of("target", "iceberg").toAbsolutePath().toString())
              .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
              .config("spark.sql.catalog.lake.type", "hadoop")
              .config(
                  "spark.sql.catalog.lake.warehouse",
                  Path.of("target", "iceberg").toAbsolutePath().toString())
              .getOrCreate();
    }
    return session;
  }
}
