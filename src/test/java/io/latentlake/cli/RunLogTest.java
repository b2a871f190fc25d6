package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.spec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JSON line for each event of a run. */
class RunLogTest {
  @TempDir static Path folder;

  private static SmallModel small;

  @BeforeAll
  static void train() throws IOException {
    small = SmallModel.train(folder);
  }

  private static List<JsonNode> events(String name) throws IOException {
    var events = new ArrayList<JsonNode>();
    for (String line : Files.readAllLines(folder.resolve(name))) {
      JsonNode event = Json.METRICS.readTree(line);
      Instant.parse(event.get("timestamp").asText());
      events.add(event);
    }
    return events;
  }

  private static List<String> names(List<JsonNode> events) {
    return events.stream().map(event -> event.get("event").asText()).toList();
  }

  private static CommandRun run(String log, String words, Object... arguments) {
    String logged = words.formatted(arguments) + " --log-json " + folder.resolve(log);
    return CommandRun.of(logged.split(" "));
  }

  @Test
  void aTrainingTellsItsEpochs() throws IOException {
    run("train.jsonl", "%s --model %s", small.training(), folder.resolve("other")).orFail();
    List<JsonNode> events = events("train.jsonl");
    assertEquals(
        List.of("started", "training", "epoch", "epoch", "trained", "figures", "ended"),
        names(events));
    assertTrue(events.stream().allMatch(event -> event.get("command").asText().equals("train")));
    assertEquals(200, events.get(1).get("rows").asLong());
    assertEquals(2, events.get(3).get("epoch").asInt());
    assertTrue(events.get(3).get("train").get("loss").asDouble() < 1e3);
    assertFalse(events.get(3).has("rounds"));
    assertEquals(200, events.get(5).get("rows").asLong());
    assertFalse(events.get(5).has("epochs"), "each had an event of its own");
    assertEquals(0, events.get(6).get("exit_code").asInt());
  }

  @Test
  void oneFileTakesRunAfterRun() throws IOException {
    for (int i = 0; i < 2; i++) {
      run(
              "nights.jsonl",
              "score --model %s --input %s --output %s",
              small.model(),
              small.table(),
              folder.resolve("scores" + i))
          .orFail();
    }
    List<JsonNode> events = events("nights.jsonl");
    assertEquals(
        List.of("started", "figures", "ended", "started", "figures", "ended"), names(events));
    assertEquals(200, events.get(4).get("rows").asLong());
  }

  @Test
  void aFailureSaysWhyAndWithWhichCode() throws IOException {
    CommandRun failed = run("failed.jsonl", "inspect --model %s", folder.resolve("nowhere"));
    List<JsonNode> events = events("failed.jsonl");
    assertEquals(List.of("started", "error", "ended"), names(events));
    assertTrue(failed.err().contains(events.get(1).get("message").asText()), failed.err());
    assertEquals(2, failed.exitCode());
    assertEquals(2, events.get(2).get("exit_code").asInt());
  }

  @Test
  void aFullDiskIsAFailureLikeAnother() throws IOException {
    Path full = Files.createSymbolicLink(folder.resolve("full"), Path.of("/dev/full"));
    CommandRun failed =
        run(
            "full.jsonl",
            "threshold --model %s --false-positive-rate 0.01 --metrics %s",
            small.model(),
            full);
    assertEquals(1, failed.exitCode(), failed.err());
    assertEquals(1, failed.errLines().size(), failed.err());
    assertTrue(failed.err().contains("No space left on device (make room"), failed.err());
    assertEquals(List.of("started", "figures", "error", "ended"), names(events("full.jsonl")));
  }

  @Test
  void aLogThatIsFullEndsAndTheRunDoesNot() {
    CommandRun run =
        CommandRun.of("inspect", "--model", small.model(), "--log-json", "/dev/full").orFail();
    assertEquals(1, run.errLines().size(), run.err());
    assertTrue(run.err().contains("--log-json /dev/full: can't be written any more"), run.err());
  }

  @Test
  void aPlaceThatCantBeWrittenToIsNamed() {
    CommandRun run = CommandRun.of("inspect", "--model", "m", "--log-json", folder.toString());
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("--log-json " + folder), run.err());
  }
}
