package io.latentlake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.latentlake.data.Addresses;
import io.latentlake.data.RejectReason;
import io.latentlake.model.Provenance;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import io.latentlake.spec.TrainSpec;
import io.latentlake.train.EpochRecord;
import io.latentlake.train.History;
import io.latentlake.train.TrainingProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What happens in a run, an event a line, as log collectors read it: {@code --log-json}. Each line
 * is a JSON object with {@code timestamp}, {@code event}, {@code command} and the event's own
 * figures.
 */
final class RunLog implements TrainingProgress, AutoCloseable {
  private static final ObjectWriter LINES =
      Json.METRICS.writer().without(SerializationFeature.INDENT_OUTPUT);

  /** What is written to. */
  private record Target(String file, Writer writer, PrintWriter err) {}

  /** Empty of a log that nobody asked for, and of one that can't be written any more. */
  private Optional<Target> target;

  private final String command;
  private final long began = System.nanoTime();

  private RunLog(Optional<Target> target, String command) {
    this.target = target;
    this.command = command;
  }

  /** A log that nobody asked for. */
  static RunLog none() {
    return new RunLog(Optional.empty(), "");
  }

  /**
   * Adds to a file, which it makes if there is none.
   *
   * @param file on the driver's machine
   * @param err is told when it can't be written any more
   * @throws InvalidInputException when it can't be written to
   */
  static RunLog to(String file, String command, PrintWriter err) {
    try {
      var writer = Files.newBufferedWriter(Path.of(file), UTF_8, CREATE, APPEND);
      return new RunLog(Optional.of(new Target(file, writer, err)), command);
    } catch (IOException | InvalidPathException e) {
      throw new InvalidInputException(
          "--log-json %s: can't be written: %s; name a file on the driver's machine"
              .formatted(file, e),
          e);
    }
  }

  /** The command begins. */
  void started() {
    event("started", Map.of("version", Provenance.runningVersion()));
  }

  /** Something that the command ends with was printed. */
  void error(String message) {
    event("error", Map.of("message", Addresses.withoutSecrets(message)));
  }

  /** The command has ended. */
  void ended(int exitCode) {
    double seconds = (System.nanoTime() - began) / 1e9;
    event("ended", Map.of("exit_code", exitCode, "seconds", seconds));
  }

  /**
   * Writes a line.
   *
   * @param figures numbers, text, lists, maps and records
   */
  synchronized void event(String event, Map<String, ?> figures) {
    if (target.isEmpty()) {
      return;
    }
    var line = new LinkedHashMap<String, Object>();
    line.put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("event", event);
    line.put("command", command);
    line.putAll(figures);
    try {
      Writer writer = target.get().writer;
      writer.write(json(line) + System.lineSeparator());
      writer.flush();
    } catch (IOException e) {
      giveUp(target.get(), e);
    }
  }

  /** The run is worth more than its log: it goes on, and says once that the log doesn't. */
  private void giveUp(Target lost, IOException e) {
    target = Optional.empty();
    try {
      lost.writer.close();
    } catch (IOException closing) {
      e.addSuppressed(closing); // it tries once more to write what it has
    }
    lost.err.printf(
        "latentlake: --log-json %s: can't be written any more: %s; the run goes on without its log%n",
        lost.file, e.getMessage());
    lost.err.flush();
  }

  private static String json(Object value) {
    try {
      return LINES.writeValueAsString(value);
    } catch (IOException e) {
      throw new IllegalStateException("figures are numbers, text, lists, maps and records", e);
    }
  }

  @Override
  public void started(
      long rows, Map<RejectReason, Long> rejected, TrainSpec requested, TrainSpec resolved) {
    event(
        "training",
        Map.of("rows", rows, "rejected_by_reason", rejected, "workers", resolved.workers()));
  }

  @Override
  public void epochDone(EpochRecord epoch) {
    var figures =
        Json.METRICS.convertValue(epoch, new TypeReference<LinkedHashMap<String, Object>>() {});
    figures.remove("rounds"); // there may be thousands
    event("epoch", figures);
  }

  @Override
  public void warning(String message) {
    event("warning", Map.of("message", Addresses.withoutSecrets(message)));
  }

  @Override
  public void trained(History history) {
    var figures = new LinkedHashMap<String, Object>();
    figures.put("epochs", history.epochs().size());
    figures.put("time", history.time());
    figures.put("latent", history.latent());
    figures.put("log_likelihood", history.logLikelihood());
    figures.put("stopped_early", history.stoppedEarly());
    figures.values().removeIf(Objects::isNull);
    event("trained", figures);
  }

  @Override
  public synchronized void close() {
    target.ifPresent(
        open -> {
          try {
            open.writer.close();
          } catch (IOException e) {
            giveUp(open, e);
          }
        });
  }
}
