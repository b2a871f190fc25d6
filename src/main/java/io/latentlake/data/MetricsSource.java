package io.latentlake.data;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;

/**
 * Figures of a job on the driver that Spark's own sinks (CSV, JMX, Prometheus, Graphite) show while
 * it runs, as {@code <application>.driver.latentlake.<job>.<figure>}. Of jobs of one kind that run
 * at a time, the second's are {@code latentlake.2.<job>}, and so on: Spark shows one source of a
 * name, and forgets with it all whose names begin with it.
 */
public final class MetricsSource implements Source, AutoCloseable {
  private static final Set<String> SHOWN = ConcurrentHashMap.newKeySet();

  private final String job;
  private final MetricRegistry registry = new MetricRegistry();
  private String name;

  /** Null where no Spark shows it. */
  private MetricsSystem system;

  /**
   * A source that has no figures yet.
   *
   * @param job such as {@code training}
   */
  public MetricsSource(String job) {
    this.job = job;
    this.name = "latentlake." + job;
  }

  /**
   * The same with one figure more.
   *
   * @param figure its name, with the unit where it isn't a count
   * @param value asked whenever a sink reports
   */
  public MetricsSource with(String figure, Supplier<? extends Number> value) {
    Gauge<Number> gauge = value::get;
    registry.register(figure, gauge);
    return this;
  }

  /** Shows them from now on, until it is closed. */
  public MetricsSource register() {
    for (int number = 2; !SHOWN.add(name); number++) {
      name = "latentlake.%d.%s".formatted(number, job);
    }
    system = SparkEnv.get().metricsSystem();
    system.registerSource(this);
    return this;
  }

  @Override
  public String sourceName() {
    return name;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  @Override
  public void close() {
    if (system != null) { // Spark's own, which may have been stopped meanwhile
      system.removeSource(this);
      system = null;
      SHOWN.remove(name);
    }
  }
}
