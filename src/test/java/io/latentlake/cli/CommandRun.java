package io.latentlake.cli;

import io.latentlake.SharedSpark;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * A command that was run in this JVM, with the shared Spark session.
 *
 * @param exitCode 0 when it succeeded
 * @param out what it printed
 * @param err what it, or Spark's log, printed on the error stream
 */
public record CommandRun(int exitCode, String out, String err) {

  public static CommandRun of(String... arguments) {
    return of(List.of(arguments));
  }

  public static CommandRun of(List<String> arguments) {
    SparkSession.setActiveSession(SharedSpark.session());
    PrintStream out = System.out;
    PrintStream err = System.err;
    var capturedOut = new ByteArrayOutputStream();
    var capturedErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(capturedOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(capturedErr, true, StandardCharsets.UTF_8));
    try {
      int exitCode = Main.run(arguments.toArray(String[]::new));
      return new CommandRun(
          exitCode,
          capturedOut.toString(StandardCharsets.UTF_8),
          capturedErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Its error stream's lines. */
  List<String> errLines() {
    return err.lines().toList();
  }

  /** The run itself if it succeeded; else an error that says what it printed. */
  public CommandRun orFail() {
    if (exitCode != 0) {
      throw new AssertionError("exit code " + exitCode + "\n" + out + err);
    }
    return this;
  }
}
