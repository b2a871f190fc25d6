package io.latentlake.cluster;

import io.latentlake.SparkProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A standalone master and its workers on loopback, processes of the Spark runtime that the build
 * lays out; stopped by their ids when closed.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final String REGISTERED = "Successfully registered with master";

  private final List<Process> processes = new ArrayList<>();
  private final Path folder;
  private final Path settings;
  private final String master;

  /**
   * Starts a master and workers of one core and a gibibyte each, on a loopback address each, so
   * that they are several hosts to Spark.
   *
   * @param folder for logs and the workers' files
   * @param settings a file of Spark's settings, for both
   */
  StandaloneCluster(Path folder, Path settings, int workers)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.settings = settings;
    this.master = start("master.Master", "127.0.0.1", "master", MASTER).group(1);
    for (int worker = 0; worker < workers; worker++) {
      String name = "worker-" + worker;
      start(
          "worker.Worker",
          "127.0.0." + (1 + worker),
          name,
          Pattern.compile(REGISTERED),
          "--work-dir",
          folder.resolve(name).toString(),
          "--cores",
          "1",
          "--memory",
          "1g",
          master);
    }
  }

  /** Such as {@code spark://127.0.0.1:40401}. */
  String master() {
    return master;
  }

  /** The master's and the workers' processes. */
  List<ProcessHandle> daemons() {
    return processes.stream().map(Process::toHandle).toList();
  }

  /** The workers' executors that run now. */
  List<ProcessHandle> executors() {
    return SparkProcesses.executors(processes.stream().flatMap(Process::descendants)).toList();
  }

  private Matcher start(String daemon, String host, String name, Pattern ready, String... more)
      throws IOException, InterruptedException {
    Path log = folder.resolve(name + ".log");
    List<String> command = SparkProcesses.command(SparkProcesses.JARS + "/*", "256m", daemon);
    command.addAll(
        List.of(
            "--host",
            host,
            "--port",
            "0",
            "--webui-port",
            "0",
            "--properties-file",
            settings.toString()));
    command.addAll(List.of(more));
    var builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", SparkProcesses.HOME.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.environment().put("SPARK_LOCAL_IP", host);
    processes.add(builder.redirectErrorStream(true).redirectOutput(log.toFile()).start());
    return await(log, ready);
  }

  private Matcher await(Path log, Pattern ready) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Matcher found = ready.matcher(Files.readString(log));
      if (found.find()) {
        return found;
      }
      if (!processes.get(processes.size() - 1).isAlive()) {
        break;
      }
      Thread.sleep(100);
    }
    close();
    throw new AssertionError(log + " never said " + ready + "\n" + Files.readString(log));
  }

  /** Stops workers, their executors and the master. */
  @Override
  public void close() {
    for (Process process : processes) {
      List<ProcessHandle> executors = process.descendants().toList();
      process.destroy();
      executors.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
