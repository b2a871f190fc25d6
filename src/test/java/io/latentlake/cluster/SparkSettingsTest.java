package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.internal.config.UI;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.collection.JavaConverters;

/** The settings in {@code conf/} are ones that Spark knows, each with its why. */
class SparkSettingsTest {
  /** Of cluster managers that aren't on the classpath, or with a name that the user chooses. */
  private static final List<String> OTHERS =
      List.of(
          "spark.kubernetes.driverEnv.",
          "spark.yarn.",
          "spark.executorEnv.",
          "spark.hadoop.",
          "spark.ssl.ui.",
          "spark.latentlake.",
          "spark.executor.resource.",
          "spark.task.resource.",
          "spark.master",
          "spark.local.dir");

  private static final int MOST_TOGETHER = 3;

  @BeforeAll
  static void loadEntries() throws ClassNotFoundException {
    // An entry is known when the object that it belongs to is.
    Class.forName("org.apache.spark.internal.config.package$");
    Class.forName("org.apache.spark.internal.config.Network$");
    Class.forName("org.apache.spark.deploy.k8s.Config$");
    UI.UI_VIEW_ACLS();
  }

  static Stream<Path> files() throws IOException {
    try (var files = Files.list(Path.of("conf"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("spark-"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void sparkKnowsEverySetting(Path file) {
    Map<String, String> settings =
        JavaConverters.mapAsJavaMap(Utils.getPropertiesFromFile(file.toString()));
    assertFalse(settings.isEmpty());
    settings.forEach(
        (name, value) -> {
          assertTrue(
              OTHERS.stream().anyMatch(name::startsWith) || ConfigEntry.findEntry(name) != null,
              name + ": Spark has no such setting");
          assertFalse(value.isBlank(), name);
        });
  }

  /**
   * A comment is about what stands directly below it, three settings that belong together at most.
   */
  @ParameterizedTest
  @MethodSource("files")
  void everySettingHasItsWhy(Path file) throws IOException {
    int above = MOST_TOGETHER;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("# ")) {
        above = 0;
      } else if (line.isBlank()) {
        above = MOST_TOGETHER;
      } else {
        assertTrue(above < MOST_TOGETHER, file + " doesn't say why: " + line);
        above++;
      }
    }
  }
}
