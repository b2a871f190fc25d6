package io.latentlake.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit/notebook} in a copy of its own, with a Jupyter of our own. */
class NotebookCommandTest {
  @TempDir Path home;

  private record Run(int exitCode, String output) {}

  private Run run(String... arguments) throws IOException, InterruptedException {
    for (String needed : List.of("dirname", "mkdir", "cat", "rm", "sleep", "cp")) {
      install(needed, "exec %s \"$@\"".formatted(program(needed)));
    }
    Path script = Files.createDirectories(home.resolve("submit")).resolve("notebook");
    if (!Files.exists(script)) {
      Files.copy(Path.of("submit", "notebook"), script);
    }
    var command = new ArrayList<>(List.of(program("bash").toString(), script.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", home.resolve("programs").toString());
    Process process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.waitFor();
    awaitEmpty(home.resolve("target/jupyter"));
    return new Run(exitCode, output);
  }

  private static Path program(String name) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private void installJupyter(String name) throws IOException {
    // It keeps what it was given, for the test to look at.
    install(
        name,
        "echo \"$0 $* in $JUPYTER_DATA_DIR\" && cp -pr \"$JUPYTER_PATH\" '%s'"
            .formatted(home.resolve("given")));
  }

  private void install(String name, String script) throws IOException {
    Path file = Files.createDirectories(home.resolve("programs")).resolve(name);
    Files.writeString(file, "#!%s\n%s\n".formatted(program("bash"), script));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void saysWhatToInstall() throws IOException, InterruptedException {
    Run open = run();
    assertEquals(2, open.exitCode, open.output);
    assertTrue(open.output.contains("apt install jupyter-notebook"), open.output);
    Run execute = run("--execute");
    assertEquals(2, execute.exitCode, execute.output);
    assertTrue(execute.output.contains("apt install jupyter-nbconvert"), execute.output);
  }

  @Test
  void opensTheNotebooksAndWritesUnderTargetAlone() throws IOException, InterruptedException {
    installJupyter("jupyter-notebook");
    Run run = run("--no-browser", "--", "--conf", "spark.app.name=a \"b\" \\c");
    assertEquals(0, run.exitCode, run.output);
    Path data = home.resolve("target/jupyter");
    assertEquals(
        "%s %s --no-browser in %s\n"
            .formatted(home.resolve("programs/jupyter-notebook"), home.resolve("notebooks"), data),
        run.output);
    Path given = home.resolve("given");
    assertEquals("rwx------", rights(given));
    Path specification = given.resolve("kernels/latentlake/kernel.json");
    assertEquals("rw-------", rights(specification));
    JsonNode kernel = new ObjectMapper().readTree(specification.toFile());
    var words = new ArrayList<String>();
    kernel.get("argv").forEach(word -> words.add(word.asText()));
    assertEquals(
        List.of(
            home.resolve("submit/latentlake").toString(),
            "kernel",
            "{connection_file}",
            "--",
            "--conf",
            "spark.app.name=a \"b\" \\c"),
        words);
  }

  private static String rights(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  /** What holds spark-submit's options goes soon after Jupyter has ended. */
  private static void awaitEmpty(Path folder) throws IOException, InterruptedException {
    Instant patience = Instant.now().plusSeconds(60);
    while (folder.toFile().list().length > 0) {
      assertTrue(
          Instant.now().isBefore(patience), () -> List.of(folder.toFile().list()).toString());
      Thread.sleep(50);
    }
  }

  @Test
  void executesThoseThatAreNamed() throws IOException, InterruptedException {
    installJupyter("jupyter-nbconvert");
    Run run = run("--execute", "one.ipynb", "two.ipynb");
    assertEquals(0, run.exitCode, run.output);
    assertTrue(run.output.contains(" one.ipynb two.ipynb in "), run.output);
  }
}
