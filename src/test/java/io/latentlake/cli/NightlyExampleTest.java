package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.SharedSpark;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's script from a day's table to its alerts, as it stands there. */
@Tag("slow")
class NightlyExampleTest {
  private static final Pattern SCRIPT =
      Pattern.compile("```bash\n(#!/bin/bash\n.*?)```", Pattern.DOTALL);
  private static final Set<Integer> PLANTED = Set.of(107, 307, 507);

  @TempDir Path folder;

  private record Night(int exitCode, String output) {}

  @Test
  void fromADaysTableToItsAlerts() throws IOException, InterruptedException {
    write("2026-11-22", Set.of());
    write("2026-11-23", PLANTED);
    train();
    Night night = run("2026-11-23");
    assertEquals(0, night.exitCode, night.output);
    Set<Integer> alerts = alerts("2026-11-23");
    assertTrue(alerts.containsAll(PLANTED), alerts::toString);
    assertTrue(night.output.contains(alerts.size() + " orders to look at"), night.output);

    Night missing = run("2026-11-24");
    assertEquals(2, missing.exitCode, missing.output);
    assertFalse(Files.exists(folder.resolve("alerts-2026-11-24.json")), "nothing was scored");
  }

  /** A day of orders, in some of which the price is none that the amount would have. */
  private void write(String day, Set<Integer> broken) {
    String price =
        broken.isEmpty()
            ? "10 * amount"
            : "if(id IN (%s), 400 - 10 * amount, 10 * amount)"
                .formatted(broken.toString().replaceAll("[\\[\\]]", ""));
    SharedSpark.session()
        .range(0, 1000, 1, 2)
        .selectExpr("id", "10 + 5 * rand(%d) as amount".formatted(day.hashCode()))
        .selectExpr(
            "id", "amount", price + " as price", "if(id % 2 = 0, 'north', 'south') as region")
        .write()
        .parquet(folder.resolve("lake/orders/day=" + day).toString());
  }

  /** What the script says is done once before. */
  private void train() throws IOException {
    Path configuration =
        Files.writeString(
            folder.resolve("orders.conf"),
            """
            model { encoder = [16], latent = 2, decoder = [16] }
            train { epochs = 6, batch-size = 32, updater.learning-rate = 0.01 }
            """);
    CommandRun.of(
            "train",
            "--input",
            folder.resolve("lake/orders").toString(),
            "--features",
            "auto",
            "--exclude",
            "id,day",
            "--config",
            configuration.toString(),
            "--model",
            folder.resolve("model").toString())
        .orFail();
  }

  private Night run(String day) throws IOException, InterruptedException {
    Matcher script = SCRIPT.matcher(Files.readString(Path.of("README.md")));
    assertTrue(script.find(), "README.md has no script");
    Path nightly = Files.writeString(folder.resolve("nightly.sh"), script.group(1));
    Path programs = Files.createDirectories(folder.resolve("programs"));
    Path command =
        Files.writeString(
            programs.resolve("latentlake"),
            "#!/bin/bash\nexec '%s' \"$@\"\n"
                .formatted(Path.of("submit", "latentlake").toAbsolutePath()));
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
    Path output = folder.resolve("output.txt");
    var builder = new ProcessBuilder("bash", nightly.toString(), day).directory(folder.toFile());
    builder.environment().remove("SPARK_HOME");
    builder.environment().merge("PATH", programs + ":", (path, first) -> first + path);
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertTrue(process.waitFor(4, TimeUnit.MINUTES), () -> "still running: " + nightly);
      return new Night(process.exitValue(), Files.readString(output));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Set<Integer> alerts(String day) throws IOException {
    var ids = new HashSet<Integer>();
    for (String line : Files.readAllLines(folder.resolve("alerts-" + day + ".json"))) {
      JsonNode alert = Json.METRICS.readTree(line);
      assertTrue(alert.get("reasons").size() > 0, line);
      assertTrue(alert.get("anomaly_score").asDouble() > 0.9, line);
      ids.add(alert.get("id").asInt());
    }
    return ids;
  }
}
