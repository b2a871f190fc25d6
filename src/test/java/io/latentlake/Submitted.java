package io.latentlake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@code submit/latentlake} of its own process, as a user starts it; killed when closed. */
public final class Submitted implements AutoCloseable {
  private final Process process;
  private final Path output;

  /**
   * Starts it.
   *
   * @param folder where what it prints is kept
   * @param arguments of the command, then perhaps {@code --} and spark-submit's
   */
  public Submitted(Path folder, List<String> arguments) throws IOException {
    this(folder, arguments, Map.of());
  }

  /**
   * Starts it.
   *
   * @param folder where what it prints is kept
   * @param arguments of the command, then perhaps {@code --} and spark-submit's
   * @param environment beside this process's own
   */
  public Submitted(Path folder, List<String> arguments, Map<String, String> environment)
      throws IOException {
    output = Files.createTempFile(folder, "output", ".txt");
    // A shell's background job ignores SIGINT, and so would all that it starts.
    var command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(Path.of("submit", "latentlake").toAbsolutePath().toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().remove("SPARK_HOME");
    builder.environment().putAll(environment);
    process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  /** Its id; the script gives way to the JVM, which keeps it. */
  public long pid() {
    return process.pid();
  }

  /** The executors that it has started, oldest first, where they are processes of their own. */
  public List<ProcessHandle> executors() {
    return SparkProcesses.executors(process.descendants())
        .sorted(Comparator.comparing(child -> child.info().startInstant().orElse(Instant.MAX)))
        .toList();
  }

  /** Whether it has ended, or does within this time. */
  public boolean hasEnded(Duration within) throws InterruptedException {
    return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What it has printed so far. */
  public String output() throws IOException {
    return Files.readString(output);
  }

  /** Its exit code. */
  public int waitFor(Duration atMost) throws IOException, InterruptedException {
    if (!hasEnded(atMost)) {
      throw new AssertionError("still running after " + atMost + "\n" + output());
    }
    return process.exitValue();
  }

  /** Ends it and what it started, where that is still there. */
  @Override
  public void close() {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
  }
}
