package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code submit/latentlake} in a copy of its own, with a spark-submit of our own. */
class SubmitScriptTest {
  private static final String CLUSTER = "spark.submit.deployMode cluster";
  private static final String FAILED_ON_YARN =
      "10:00:00 ERROR Client: Application diagnostics message: User application exited with status 3";
  private static final String FAILED_POD =
      "10:00:00 INFO LoggingPodStatusWatcherImpl: State\n\t exit code: 4\n\t termination reason: Error";

  @TempDir Path home;

  private record Run(int exitCode, String output) {}

  @BeforeEach
  void install() throws IOException {
    Files.createDirectories(home.resolve("submit"));
    Files.copy(Path.of("submit", "latentlake"), home.resolve("submit/latentlake"));
    Files.createDirectories(home.resolve("target/notebook"));
    Files.createFile(home.resolve("target/latentlake.jar"));
    Files.createFile(home.resolve("target/notebook/one.jar"));
    Files.createFile(home.resolve("target/notebook/two.jar"));
  }

  /** Prints its words in one line, and on the error stream what it is told to. */
  private void submitEndsWith(int exitCode, String logged) throws IOException {
    Path program = home.resolve("spark/bin/spark-submit");
    Files.createDirectories(program.getParent());
    Files.writeString(
        program,
        "#!/bin/sh\necho \"$OMP_NUM_THREADS: $*\"\necho \"$LOGGED\" >&2\nexit %d\n"
            .formatted(exitCode));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(home.resolve("logged"), logged);
  }

  private Path settings(String name, String... lines) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, List.of(lines));
  }

  private Run run(String words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(home.resolve("submit/latentlake").toString()));
    command.addAll(List.of(words.split(" ")));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_HOME", home.resolve("spark").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("LOGGED", Files.readString(home.resolve("logged")));
    List.of("SPARK_CONF_DIR", "OMP_NUM_THREADS", "DEPLOY_MODE")
        .forEach(builder.environment()::remove);
    Process process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--master yarn --deploy-mode cluster",
        "--master yarn --deploy-mode=cluster",
        "--master yarn --conf spark.submit.deployMode=cluster",
        "--properties-file HOME/mine.conf",
        "--master yarn"
      })
  void endsWithTheCodeOfADriverOnYarn(String options) throws IOException, InterruptedException {
    submitEndsWith(1, FAILED_ON_YARN);
    settings("mine.conf", "spark.master yarn", CLUSTER);
    settings("spark/conf/spark-defaults.conf", CLUSTER);
    Run run = run("score -- " + options.replace("HOME", home.toString()));
    assertEquals(3, run.exitCode, run.output);
    assertTrue(run.output.contains(FAILED_ON_YARN), run.output);
    assertTrue(run.output.contains("latentlake.jar score"), run.output);
  }

  @Test
  void endsWithTheCodeOfAPod() throws IOException, InterruptedException {
    submitEndsWith(0, FAILED_POD);
    settings("mine.conf", "spark.master = k8s://https://host:6443", " " + CLUSTER + " ");
    assertEquals(4, run("score -- --properties-file=" + home.resolve("mine.conf")).exitCode);
  }

  /** Where the driver is here, what is logged may be an executor's. */
  @Test
  void endsWithTheCodeOfADriverOfItsOwn() throws IOException, InterruptedException {
    submitEndsWith(5, FAILED_POD);
    settings("spark/conf/spark-defaults.conf", CLUSTER);
    assertEquals(5, run("train -- --master k8s://host --deploy-mode client").exitCode);
    submitEndsWith(0, FAILED_POD);
    assertEquals(0, run("train -- --master k8s://host --deploy-mode client").exitCode);
  }

  /** A first attempt that failed is told of while the second runs. */
  @Test
  void whatSparkTakesForSuccessIsOneAndOtherFailuresKeepTheirCode()
      throws IOException, InterruptedException {
    String options = "score -- --master yarn --deploy-mode cluster";
    submitEndsWith(0, "diagnostics: User application exited with status 3");
    assertEquals(0, run(options).exitCode);
    submitEndsWith(1, "Connection refused");
    assertEquals(1, run(options).exitCode);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--jars udf.jar,more.jar",
        "--jars=udf.jar,more.jar",
        "--conf spark.jars=udf.jar,more.jar",
        "--properties-file HOME/mine.conf"
      })
  void theUsersJarsStandBesideTheKernels(String options) throws IOException, InterruptedException {
    submitEndsWith(0, "");
    settings("mine.conf", "spark.jars udf.jar,more.jar");
    Run run = run("kernel connection -- " + options.replace("HOME", home.toString()));
    String notebook = home.resolve("target/notebook").toString();
    assertTrue(
        run.output.contains(
            " --jars udf.jar,more.jar,%1$s/one.jar,%1$s/two.jar %2$s connection"
                .formatted(notebook, home.resolve("target/latentlake.jar"))),
        run.output);
  }

  @Test
  void aTaskHasAsManyThreadsAsCores() throws IOException, InterruptedException {
    submitEndsWith(0, "");
    settings("mine.conf", "spark.task.cpus: 3");
    String file = " --properties-file " + home.resolve("mine.conf");
    assertTrue(run("score").output.startsWith("1: "));
    assertTrue(run("score --" + file).output.startsWith("3: "));
    assertTrue(run("score -- --conf spark.task.cpus=2" + file).output.startsWith("2: "));
  }
}
