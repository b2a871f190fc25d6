package io.latentlake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** Processes of the Spark runtime that the build lays out, which has no scripts. */
public final class SparkProcesses {
  /** What {@code SPARK_HOME} names. */
  public static final Path HOME = Path.of("target", "spark").toAbsolutePath();

  /** Spark's own jars. */
  public static final Path JARS = HOME.resolve("jars");

  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  private SparkProcesses() {}

  /**
   * The beginning of a command, as bin/spark-class builds it.
   *
   * @param classPath of Java
   * @param memory such as {@code 256m}
   * @param main in {@code org.apache.spark.deploy}
   */
  public static List<String> command(String classPath, String memory, String main) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<>(List.of(java));
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().strip().split("\\s+")));
    command.addAll(List.of("-cp", classPath, "-Xmx" + memory, "org.apache.spark.deploy." + main));
    return command;
  }

  /** Those of some processes that are executors. */
  public static Stream<ProcessHandle> executors(Stream<ProcessHandle> processes) {
    return processes.filter(each -> each.info().commandLine().orElse("").contains(EXECUTOR));
  }

  /**
   * Sends a signal.
   *
   * @param name such as {@code STOP}
   */
  public static void signal(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("could not send %s to %d".formatted(name, process.pid()));
    }
  }
}
