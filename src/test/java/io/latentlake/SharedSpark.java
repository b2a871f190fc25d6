package io.latentlake;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * One local Spark session for all tests of a JVM, with two task slots, and with Delta's and
 * Iceberg's catalogs: Delta's is Spark's own, Iceberg's is called {@code lake}.
 */
public final class SharedSpark {
  /** The value of settings that are secrets: nothing that is written down may hold it. */
  public static final String SECRET = "planted-4f1d";

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
              .config("spark.hadoop.fs.s3a.secret.key", SECRET)
              .config("spark.hadoop.fs.azure.account.key.lake.example", SECRET)
              .config("spark.latentlake.test.java.options", "-Dtrust.password=" + SECRET)
              .config("spark.latentlake.test.place", "https://user:" + SECRET + "@example/")
              .config("spark.sql.shuffle.partitions", 2)
              // Of a Delta table's state: fifty, by default, for tables of three files.
              .config("spark.databricks.delta.snapshotPartitions", 2)
              .config(
                  "spark.sql.warehouse.dir",
                  System.getProperty("latentlake.warehouse", "target/warehouse"))
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
