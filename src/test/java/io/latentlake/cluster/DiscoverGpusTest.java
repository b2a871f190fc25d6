package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit/discover-gpus} with an {@code nvidia-smi} of our own. */
class DiscoverGpusTest {
  @TempDir Path folder;

  private record Run(int exitCode, String out, String err) {}

  /** Runs it where there is no other program than such an nvidia-smi; null for none. */
  private Run discover(String nvidiaSmi) throws IOException, InterruptedException {
    if (nvidiaSmi != null) {
      Path fake = folder.resolve("nvidia-smi");
      Files.writeString(fake, "#!" + bash() + "\n" + nvidiaSmi + "\n");
      Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwx------"));
    }
    var builder = new ProcessBuilder(bash(), "submit/discover-gpus");
    builder.environment().put("PATH", folder.toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out, err);
  }

  private static String bash() {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(entry -> Path.of(entry, "bash"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow()
        .toString();
  }

  @Test
  void printsWhatSparkReads() throws IOException, InterruptedException {
    Run run = discover("printf '0\\n1\\n'");
    assertEquals(0, run.exitCode, run.err);
    ResourceInformation found = ResourceInformation.parseJson(run.out);
    assertEquals("gpu", found.name());
    assertEquals(List.of("0", "1"), Arrays.asList(found.addresses()));
  }

  @Test
  void saysThatThereIsNoDriver() throws IOException, InterruptedException {
    assertRefused(discover(null), "no nvidia-smi");
  }

  @Test
  void passesOnWhatNvidiaSmiSays() throws IOException, InterruptedException {
    assertRefused(discover("echo 'driver not loaded'; exit 9"), "driver not loaded");
  }

  @Test
  void refusesWhatIsNoNumber() throws IOException, InterruptedException {
    assertRefused(discover("echo 'No devices were found'"), "No devices were found");
  }

  @Test
  void refusesAnEmptyList() throws IOException, InterruptedException {
    assertRefused(discover("true"), "lists no GPU");
  }

  private static void assertRefused(Run run, String reason) {
    assertEquals(1, run.exitCode);
    assertEquals("", run.out);
    assertEquals(1, run.err.lines().count(), run.err);
    assertTrue(run.err.contains(reason), run.err);
  }
}
