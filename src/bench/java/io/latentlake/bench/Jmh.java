package io.latentlake.bench;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a JMH benchmark once, in this JVM, so that it takes its turn among what JMH can't run. What
 * is timed is native code or close to it, and the JVM has compiled the rest after the first
 * repetition.
 *
 * @param milliseconds how long it is measured, after half as long to warm up
 */
record Jmh(long milliseconds) {

  /**
   * How often a second the benchmark of a class runs, on all threads together.
   *
   * @param shape value of the parameter {@code shape}; none where empty
   */
  double perSecond(Class<?> benchmark, int threads, String... shape) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
            .threads(threads)
            .forks(0)
            .warmupIterations(1)
            .warmupTime(TimeValue.milliseconds(milliseconds / 2))
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(milliseconds))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (shape.length > 0) {
      options.param("shape", shape);
    }
    return new Runner(options.build()).runSingle().getPrimaryResult().getScore();
  }
}
