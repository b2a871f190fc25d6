package io.latentlake;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** One local Spark session for all tests of a JVM, with two task slots. */
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
              .getOrCreate();
    }
    return session;
  }
}
