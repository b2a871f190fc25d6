package io.latentlake.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Where and when a run took place.
 *
 * @param processor its name
 * @param cores that the JVM sees
 * @param java version
 * @param spark version
 * @param openMpThreads threads of native code in each task
 * @param started when, ISO-8601, UTC
 */
record Machine(
    String processor, int cores, String java, String spark, String openMpThreads, String started) {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** This one, now. */
  static Machine here() throws IOException {
    return new Machine(
        model(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        org.apache.spark.package$.MODULE$.SPARK_VERSION(),
        String.valueOf(System.getenv("OMP_NUM_THREADS")),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static String model() throws IOException {
    try (var lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }
}
