package io.latentlake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What Maven's notes in the product's jar name, other people's jars within others' too, was looked
 * up among the known advisories in just that version: {@code src/docs/advisories.csv}.
 */
@Tag("slow")
class AdvisoriesTest {
  private static final Path JAR = Path.of("target", "latentlake.jar");
  private static final Path LIST = Path.of("src", "docs", "advisories.csv");

  /** Component to version, as Maven notes them in a jar. */
  private static Map<String, String> inTheJar() throws IOException {
    var found = new TreeMap<String, String>();
    try (var jar = new JarFile(JAR.toFile())) {
      var notes =
          jar.stream().filter(e -> e.getName().matches("META-INF/maven/.+/pom\\.properties"));
      for (var note : notes.toList()) {
        var properties = new Properties();
        try (InputStream in = jar.getInputStream(note)) {
          properties.load(in);
        }
        String component =
            properties.getProperty("groupId") + ":" + properties.getProperty("artifactId");
        found.put(component, properties.getProperty("version"));
      }
    }
    found.remove("io.latentlake:latentlake");
    return found;
  }

  private static List<String[]> listed() throws IOException {
    return Files.readAllLines(LIST).stream().skip(1).map(line -> line.split(",", 4)).toList();
  }

  @Test
  void everyComponentWasLookedUp() throws IOException {
    Map<String, String> listed =
        listed().stream()
            .collect(Collectors.toMap(line -> line[0], line -> line[1], (a, b) -> b, TreeMap::new));
    assertEquals(listed, inTheJar(), "look up what is new or changed, and note it in " + LIST);
  }

  @Test
  void everyAdvisoryHasItsReason() throws IOException {
    for (String[] line : listed()) {
      boolean concerned = !line[2].isEmpty();
      assertEquals(concerned, line[3].length() > 20, line[0]);
      assertTrue(line[2].matches("|CVE-\\d{4}-\\d+( CVE-\\d{4}-\\d+)*"), line[2]);
    }
  }
}
