package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SmallTables;
import io.latentlake.Submitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers of their own process that are killed, each again when it has gone on a little, until one
 * comes to the end: the weights are those of a run that nobody killed.
 */
@Tag("slow")
@Tag("counts")
class KilledTrainingTest {
  private static final int ROUNDS = 120;

  /** Rounds from one kill to the next. */
  private static final int KILL_EVERY = Integer.getInteger("latentlake.kill-every", 30);

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String CONFIGURATION =
      """
      model {
        encoder = [16]
        latent = 2
        decoder = [16]
        likelihood.family = gaussian
      }
      train {
        epochs = 30
        batch-size = 16
        workers = 2
        averaging-frequency = 2
        warm-up = 20
        outer { rate = 0.9, momentum = 0.5 }
      }
      """;

  @TempDir static Path folder;

  /** Where a run was when it was killed, as what it left behind tells. */
  private enum State {
    BEFORE_THE_FIRST_CHECKPOINT,
    WRITING_A_CHECKPOINT,
    BETWEEN_CHECKPOINTS,
    AFTER_THE_LAST_EPOCH
  }

  /** When a run is killed. */
  private interface Moment {
    boolean isNow() throws IOException;
  }

  @BeforeAll
  static void writeTable() throws IOException {
    SmallTables.parquet(SmallTables.numbers(256).coalesce(1), folder.resolve("numbers"));
    Files.writeString(folder.resolve("numbers.conf"), CONFIGURATION);
  }

  /** One run's folders. */
  private record Run(Path checkpoints, Path model, List<State> killed) {
    static Run of(String name) {
      return new Run(
          folder.resolve("checkpoints-" + name),
          folder.resolve("model-" + name),
          new ArrayList<>());
    }

    Submitted submit() throws IOException {
      String words =
          "train --input %s --features left,right --config %s --model %s --checkpoint %s --checkpoint-every 1round --resume"
              .formatted(
                  folder.resolve("numbers"), folder.resolve("numbers.conf"), model, checkpoints);
      var arguments = new ArrayList<>(List.of(words.split(" ")));
      arguments.addAll(List.of("--", "--master", "local[1]", "--conf", "spark.ui.enabled=false"));
      // Most of the time goes to starting; the better compiler would hardly have begun.
      arguments.addAll(List.of("--driver-java-options", "-XX:TieredStopAtLevel=1"));
      return new Submitted(folder, arguments);
    }

    /** The names in its folder of checkpoints that begin so. */
    private List<String> named(String start) throws IOException {
      if (!Files.exists(checkpoints)) {
        return List.of();
      }
      try (var files = Files.list(checkpoints)) {
        return files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.startsWith(start))
            .sorted()
            .toList();
      }
    }

    boolean isWriting() throws IOException {
      return !named(".round-").isEmpty();
    }

    /** The rounds that the newest checkpoint has behind it. */
    int rounds() throws IOException {
      List<String> complete = named("round-");
      return complete.isEmpty()
          ? 0
          : Integer.parseInt(complete.get(complete.size() - 1).substring("round-".length()));
    }

    byte[] weights() throws IOException {
      return Files.readAllBytes(model.resolve("weights.f32"));
    }

    /** Starts it, and kills it at a moment. */
    void killAt(Moment moment) throws IOException, InterruptedException {
      try (var running = submit()) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!moment.isNow()) {
          assertFalse(running.hasEnded(Duration.ofMillis(1)), running.output());
          assertTrue(Instant.now().isBefore(deadline), running.output());
        }
      } // killed where it is
      killed.add(state());
    }

    private State state() throws IOException {
      if (isWriting()) {
        return State.WRITING_A_CHECKPOINT;
      }
      int rounds = rounds();
      return rounds == 0
          ? State.BEFORE_THE_FIRST_CHECKPOINT
          : rounds == ROUNDS ? State.AFTER_THE_LAST_EPOCH : State.BETWEEN_CHECKPOINTS;
    }

    String finish() throws IOException, InterruptedException {
      try (var last = submit()) {
        assertEquals(0, last.waitFor(PATIENCE), last.output());
        return last.output();
      }
    }
  }

  /** Killed when so many rounds are done and the next checkpoint is begun. */
  private static Run killedWhileWriting() throws IOException, InterruptedException {
    Run run = Run.of("writing");
    for (int rounds = 0; rounds < ROUNDS; rounds += KILL_EVERY) {
      int after = rounds;
      run.killAt(() -> run.rounds() >= after && run.isWriting());
    }
    run.finish();
    return run;
  }

  /** Killed at random times: before the first checkpoint, after some more rounds, at the end. */
  private static Run killedAtRandom() throws IOException, InterruptedException {
    Run run = Run.of("random");
    var random = new Random(11);
    Instant soon = Instant.now().plusSeconds(4);
    run.killAt(() -> Instant.now().isAfter(soon));
    for (int rounds = 5; rounds < ROUNDS - 10; rounds += KILL_EVERY + 2) {
      int after = rounds;
      int milliseconds = random.nextInt(200);
      run.killAt(() -> run.rounds() >= after && passed(milliseconds));
    }
    run.killAt(() -> run.rounds() == ROUNDS && !run.isWriting());
    String output = run.finish();
    assertTrue(output.contains("All epochs were done before"), output);
    return run;
  }

  private static boolean passed(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theWeightsAreThoseOfARunThatNobodyKilled() throws Exception {
    Run undisturbed = Run.of("undisturbed");
    String output = undisturbed.finish();
    assertTrue(output.contains("begins anew"), output);
    assertEquals(ROUNDS, undisturbed.rounds());
    List<Run> runs =
        together(KilledTrainingTest::killedWhileWriting, KilledTrainingTest::killedAtRandom);
    Map<State, Integer> count = new EnumMap<>(State.class);
    for (Run run : runs) {
      assertArrayEquals(undisturbed.weights(), run.weights());
      assertEquals(List.of(), run.named(".round-"));
      run.killed().forEach(state -> count.merge(state, 1, Integer::sum));
    }
    int killed = count.values().stream().mapToInt(n -> n).sum();
    System.out.printf(
        "%d drivers killed and resumed, the weights identical to the bit: %s%n", killed, count);
    assertTrue(killed >= 2 * ROUNDS / KILL_EVERY - 1, count.toString());
    assertEquals(State.values().length, count.size(), count.toString());
    String again = runs.get(0).finish();
    assertTrue(again.contains("The run is complete already"), again);
  }

  /** Both at the same time, on a core each. */
  private static List<Run> together(Callable<Run> one, Callable<Run> other) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      var runs = new ArrayList<Run>();
      for (Future<Run> done : threads.invokeAll(List.of(one, other))) {
        runs.add(done.get());
      }
      return Collections.unmodifiableList(runs);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
