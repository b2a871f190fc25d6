package io.latentlake.data;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Settings of a Spark session for a while: what they were before is there again when closed. */
final class SessionSettings implements AutoCloseable {
  private final SparkSession spark;
  private final Map<String, Option<String>> before = new HashMap<>();

  SessionSettings(SparkSession spark, Map<String, String> settings) {
    this.spark = spark;
    settings.forEach(
        (name, value) -> {
          // Its option of one that was never set would be Spark's default.
          before.put(name, spark.conf().getAll().get(name));
          spark.conf().set(name, value);
        });
  }

  @Override
  public void close() {
    before.forEach(
        (name, value) -> {
          if (value.isDefined()) {
            spark.conf().set(name, value.get());
          } else {
            spark.conf().unset(name);
          }
        });
  }
}
