package io.latentlake.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.latentlake.SharedSpark;
import java.util.TreeSet;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.MetricsSystem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Jobs that run at a time show their figures each under a name of its own, until it ends. */
class MetricsSourceTest {
  @BeforeAll
  static void start() {
    SharedSpark.session();
  }

  private static MetricsSource job() {
    return new MetricsSource("counting").with("rows", () -> 1).register();
  }

  /** What Spark's sinks show of such jobs, without the application's name. */
  private static TreeSet<String> shown() throws ReflectiveOperationException {
    var field = MetricsSystem.class.getDeclaredField("registry");
    field.setAccessible(true);
    var registry = (MetricRegistry) field.get(SparkEnv.get().metricsSystem());
    var names = new TreeSet<String>();
    for (String name : registry.getNames()) {
      if (name.endsWith("counting.rows")) {
        names.add(name.substring(name.indexOf("latentlake")));
      }
    }
    return names;
  }

  @Test
  void jobsAtATimeDoNotHideEachOther() throws ReflectiveOperationException {
    MetricsSource first = job();
    MetricsSource second = job();
    assertEquals("[latentlake.2.counting.rows, latentlake.counting.rows]", shown().toString());
    first.close();
    assertEquals("[latentlake.2.counting.rows]", shown().toString());
    MetricsSource third = job();
    second.close();
    assertEquals("[latentlake.counting.rows]", shown().toString());
    third.close();
    third.close();
    assertTrue(shown().isEmpty());
  }

  @Test
  void oneOutlivesItsSpark() throws ReflectiveOperationException {
    MetricsSource source = job();
    SparkEnv running = SparkEnv.get();
    SparkEnv.set(null);
    try {
      source.close();
    } finally {
      SparkEnv.set(running);
    }
    assertTrue(shown().isEmpty());
  }
}
