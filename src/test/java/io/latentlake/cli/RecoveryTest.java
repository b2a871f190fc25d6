package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says and does about checkpoints, and about a training that diverges. */
class RecoveryTest {
  /** The rate rises until the loss explodes. */
  private static final String DIVERGING =
      """
      model { encoder = [16], latent = 2, decoder = [16], likelihood.family = gaussian }
      train {
        epochs = 20
        batch-size = 16
        workers = 2
        averaging-frequency = 2
        warm-up = 200
        scaling = false
        updater { kind = sgd, learning-rate = 8 }
      }
      """;

  @TempDir static Path tables;
  private static SmallModel small;

  @TempDir Path folder;
  private String model;
  private String checkpoints;

  @BeforeAll
  static void trainModel() throws IOException {
    small = SmallModel.train(tables);
  }

  @BeforeEach
  void nameFolders() {
    model = folder.resolve("model").toString();
    checkpoints = folder.resolve("checkpoints").toString();
  }

  private String training() {
    return small.training() + " --model " + model + " --checkpoint " + checkpoints;
  }

  @Test
  void aRunThatIsCompleteSaysSo() throws IOException {
    String first = small.run(training() + " --resume").out();
    assertTrue(first.contains("No checkpoint in " + checkpoints + " yet"), first);
    byte[] weights = Files.readAllBytes(Path.of(model, "weights.f32"));
    String again = small.run(training() + " --resume").out();
    assertTrue(again.contains("complete already: its model is in " + model), again);
    // The model is lost, its checkpoint isn't.
    String other = folder.resolve("other").toString();
    String written =
        small
            .run(
                small.training()
                    + " --checkpoint %s --resume --model %s".formatted(checkpoints, other))
            .out();
    assertTrue(written.contains("All epochs were done"), written);
    assertArrayEquals(weights, Files.readAllBytes(Path.of(other, "weights.f32")));
  }

  @Test
  void whatIsThereIsNotOverwrittenUnasked() {
    small.run(training());
    String elsewhere = small.training() + " --model " + folder.resolve("other");
    small
        .refused(elsewhere + " --checkpoint " + checkpoints)
        .names("--checkpoint " + checkpoints, "round-", "--resume", "--overwrite");
    small.run(elsewhere + " --overwrite --checkpoint " + checkpoints);
  }

  @Test
  void aFolderThatCannotBeWrittenToIsNamedBeforeTraining() {
    small
        .refused(small.training() + " --model %s --checkpoint /proc/none".formatted(model))
        .names("--checkpoint /proc/none", "can't be written to");
    // It is there, and takes nothing.
    small
        .refused(small.training() + " --model %s --checkpoint /proc/self".formatted(model))
        .names("--checkpoint /proc/self", "can't be written to");
  }

  @Test
  void whatIsAskedForOtherwiseIsNamed() {
    small.run(training());
    String resume = " --resume --checkpoint " + checkpoints + " --model " + folder.resolve("other");
    small.refused(small.training() + resume + " --epochs 7").names("train.epochs: 2, now 7");
    small
        .refused(small.training().replace("left,right", "left") + resume)
        .names("options.features: [\"left\",\"right\"], now [\"left\"]");
    String longer = SmallTables.parquet(SmallTables.numbers(220), folder.resolve("longer"));
    small
        .refused(small.training().replace(small.table() + " ", longer + " ") + resume)
        .names("200 rows", "220 rows", longer);
  }

  @Test
  void optionsThatGoNowhereAreRefused() {
    String plain = small.training() + " --model " + model;
    small.refused(plain + " --resume").names("--resume", "--checkpoint");
    small.refused(plain + " --checkpoint-every 2").names("--checkpoint-every", "--checkpoint");
    small.refused(plain + " --checkpoint-keep 2").names("--checkpoint-keep", "--checkpoint");
    small.refused(training() + " --checkpoint-keep 0").names("--checkpoint-keep 0", "at least 1");
    small.refused(training() + " --checkpoint-every 0").names("--checkpoint-every 0", "50rounds");
    small.refused(plain + " --retry-diverged -1").names("--retry-diverged -1", "at least 0");
  }

  private String diverging() throws IOException {
    Path configuration = folder.resolve("diverging.conf");
    Files.writeString(configuration, DIVERGING);
    return "train --input %s --features left,right --config %s --model %s"
        .formatted(small.table(), configuration, model);
  }

  @Test
  void theModelOfTheLastGoodRoundIsKept() throws IOException {
    CommandRun run = CommandRun.of(List.of(diverging().split(" ")));
    assertEquals(5, run.exitCode(), run.err());
    String line = run.errLines().get(0);
    assertEquals(1, run.errLines().size(), run.err());
    assertTrue(line.startsWith("latentlake: training diverged in epoch "), line);
    assertTrue(line.contains("train.updater.learning-rate (now 8.0)"), line);
    assertTrue(line.contains("The model in " + model), line);
    JsonNode stopped =
        new ObjectMapper().readTree(Path.of(model, "history.json").toFile()).path("stopped_early");
    assertTrue(stopped.path("last_good_round").asInt() > 0, stopped.toString());
    assertTrue(
        stopped.path("last_good_round").asInt() < stopped.path("round").asInt(),
        stopped.toString());
    String inspected = small.run("inspect --model " + model).out();
    assertTrue(inspected.contains("stopped early"), inspected);
    String report = Files.readString(Path.of(model, "report.html"));
    assertTrue(report.contains("This is the model of round "), report);
    assertFalse(report.contains("nothing needs to be trained again"), report);
    // It scores.
    String scores = folder.resolve("scores").toString();
    small.run("score --input %s --model %s --output %s".formatted(small.table(), model, scores));
    assertEquals(0, SharedSpark.session().read().parquet(scores).where("isnan(raw_score)").count());
  }

  @Test
  void retriesHalveTheRateUntilItGoesWell() throws IOException {
    String run = small.run(diverging() + " --retry-diverged 12").out();
    assertTrue(run.contains("at half the rate"), run);
    JsonNode document = new ObjectMapper().readTree(Path.of(model, "model.json").toFile());
    double rate = document.path("train").path("updater").path("learning-rate").asDouble();
    assertTrue(rate < 8 && rate >= 8 / 4096.0, "rate " + rate);
    JsonNode history = new ObjectMapper().readTree(Path.of(model, "history.json").toFile());
    assertFalse(history.has("stopped_early"), history.toString());
    assertEquals(20, history.path("epochs").size());
  }

  @Test
  void tooFewRetriesEndWhereNoneDo() throws IOException {
    String words = diverging() + " --retry-diverged 1 --checkpoint " + checkpoints;
    CommandRun run = CommandRun.of(List.of(words.split(" ")));
    assertEquals(5, run.exitCode(), run.err());
    assertTrue(run.err().contains("learning-rate (now 4.0)"), run.err());
  }
}
