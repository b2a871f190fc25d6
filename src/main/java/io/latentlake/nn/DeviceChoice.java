package io.latentlake.nn;

import io.latentlake.spec.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** What {@code spark.latentlake.device} may say. */
enum DeviceChoice {
  /** A GPU where one can be used, else the CPU. */
  AUTO,
  /** No GPU, even where there is one. */
  CPU,
  /** A GPU, or nothing. */
  CUDA;

  static final String SETTING = "spark.latentlake.device";

  /**
   * The choice of this application, on its driver and on its executors; without Spark, the system
   * property of that name.
   *
   * @throws InvalidInputException when it is none of the three
   */
  static DeviceChoice configured() {
    return in(conf());
  }

  /** What these settings say. */
  static DeviceChoice in(SparkConf conf) {
    return named(conf.get(SETTING, AUTO.label()));
  }

  /** Whether tasks run in this JVM, driver or not. */
  static boolean inOneProcess() {
    return inOneProcess(conf());
  }

  static boolean inOneProcess(SparkConf conf) {
    String master = conf.get("spark.master", "local");
    return master.equals("local") || master.startsWith("local[");
  }

  static DeviceChoice named(String value) {
    return Arrays.stream(values())
        .filter(choice -> choice.label().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "%s = %s: must be one of %s"
                        .formatted(
                            SETTING,
                            value,
                            Arrays.stream(values())
                                .map(DeviceChoice::label)
                                .collect(Collectors.joining(", ")))));
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static SparkConf conf() {
    SparkEnv environment = SparkEnv.get();
    return environment == null ? new SparkConf() : environment.conf();
  }
}
