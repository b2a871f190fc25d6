package io.latentlake.data;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;

/**
 * Figures of a job on the driver that Spark's own sinks (CSV, JMX, Prometheus, Graphite) show while
 * it runs, as {@code <application>.driver.latentlake.<job>.<figure>}.
 */
public final class MetricsSource implements Source, AutoCloseable {
  private final String name;
  private final MetricRegistry registry = new MetricRegistry();

  /**
   * A source that has no figures yet.
   *
   * @param job such as {@code training}
   */
  public MetricsSource(String job) {
    name = "latentlake." + job;
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
    SparkEnv.get().metricsSystem().registerSource(this);
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
    SparkEnv.get().metricsSystem().removeSource(this);
  }
}
