package io.latentlake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What is in the product's jar, other people's jars within others' too, was looked up among the
 * known advisories in just that version: {@code src/docs/advisories.csv}.
 */
@Tag("slow")
class AdvisoriesTest {
  private static final Path JAR = Path.of("target", "latentlake.jar");
  private static final Path LIST = Path.of("src", "docs", "advisories.csv");

  private static final String OURS = "io.latentlake:latentlake";

  /** Component to version, by the notes that Maven leaves in jars. */
  private static Map<String, String> noted(JarFile jar) throws IOException {
    var found = new TreeMap<String, String>();
    var notes = jar.stream().filter(e -> e.getName().matches("META-INF/maven/.+/pom\\.properties"));
    for (var note : notes.toList()) {
      var properties = new Properties();
      try (InputStream in = jar.getInputStream(note)) {
        properties.load(in);
      }
      String component =
          properties.getProperty("groupId") + ":" + properties.getProperty("artifactId");
      found.put(component, properties.getProperty("version"));
    }
    return found;
  }

  /**
   * The same by the dependencies whose content is there; some leave no note. In Maven's repository
   * a jar lies in {@code group/artifact/version}.
   */
  private static Map<String, String> packed(JarFile jar) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path repository = Path.of(System.getProperty("localRepository"));
    var found = new TreeMap<String, String>();
    for (String entry : classPath.split(File.pathSeparator)) {
      Path dependency = Path.of(entry);
      if (dependency.startsWith(repository) && isPacked(dependency, jar)) {
        Path version = dependency.getParent();
        Path artifact = version.getParent();
        Path group = repository.relativize(artifact.getParent());
        found.put(
            group.toString().replace(File.separator, ".") + ":" + artifact.getFileName(),
            version.getFileName().toString());
      }
    }
    return found;
  }

  private static boolean isPacked(Path dependency, JarFile product) throws IOException {
    try (var jar = new JarFile(dependency.toFile())) {
      Optional<String> first =
          jar.stream()
              .filter(entry -> !entry.isDirectory())
              .map(ZipEntry::getName)
              .filter(name -> name.contains("/") && !name.startsWith("META-INF/"))
              .findFirst();
      return first.isPresent() && product.getEntry(first.get()) != null;
    }
  }

  private static Map<String, String> inTheJar() throws IOException {
    try (var jar = new JarFile(JAR.toFile())) {
      Map<String, String> found = noted(jar);
      packed(jar).forEach(found::putIfAbsent);
      found.remove(OURS);
      return found;
    }
  }

  private static List<String[]> listed() throws IOException {
    return Files.readAllLines(LIST).stream().skip(1).map(line -> line.split(",", 5)).toList();
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
      assertTrue(line[2].matches("20\\d\\d-[01]\\d(-[0-3]\\d)?"), line[0] + ": " + line[2]);
      assertTrue(line[3].matches("|CVE-\\d{4}-\\d+( CVE-\\d{4}-\\d+)*"), line[3]);
      assertTrue(line[3].isEmpty() || line[4].length() > 20, line[0]);
    }
  }
}
