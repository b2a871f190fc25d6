package io.latentlake.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.latentlake.SharedSpark;
import io.latentlake.Submitted;
import io.latentlake.score.ScoreColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains and scores on two executors that are processes of their own, and in one process. */
@Tag("slow")
class ClusterTest {
  private static final List<String> CLUSTER =
      List.of(
          "--master",
          "local-cluster[2,1,1024]",
          // Wait for both executors.
          "--conf",
          "spark.cores.max=2",
          // A common default on clusters, which can't write records.
          "--conf",
          "spark.serializer=org.apache.spark.serializer.KryoSerializer");
  private static final List<String> ONE_PROCESS = List.of("--master", "local[2]");
  private static final Set<String> BOTH_EXECUTORS = Set.of("0", "1");

  @TempDir static Path folder;

  @BeforeAll
  static void trainAndScore() throws IOException, InterruptedException {
    train("cluster", CLUSTER);
    train("process", ONE_PROCESS);
    score("cluster", CLUSTER);
    score("process", ONE_PROCESS);
  }

  private static void train(String where, List<String> spark)
      throws IOException, InterruptedException {
    run(
        "train --input mnist:test --epochs 2 --workers 2 --seed 3 --averaging-frequency 8 --model "
            + folder.resolve("model-" + where),
        "train-" + where,
        spark);
  }

  /** The same model, the cluster's, everywhere. */
  private static void score(String where, List<String> spark)
      throws IOException, InterruptedException {
    run(
        "score --input fashion-mnist:test --keep index --model %s --output %s"
            .formatted(folder.resolve("model-cluster"), folder.resolve("scores-" + where)),
        "score-" + where,
        spark);
  }

  private static void run(String words, String name, List<String> spark)
      throws IOException, InterruptedException {
    Path events = Files.createDirectory(folder.resolve("events-" + name));
    var arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.add("--");
    arguments.addAll(spark);
    arguments.addAll(
        List.of("--conf", "spark.eventLog.enabled=true", "--conf", "spark.eventLog.dir=" + events));
    try (var submitted = new Submitted(folder, arguments)) {
      assertEquals(0, submitted.waitFor(Duration.ofMinutes(4)), submitted.output());
    }
  }

  private static EventLog events(String name) throws IOException {
    return new EventLog(folder.resolve("events-" + name));
  }

  private static byte[] weights(String where) throws IOException {
    return Files.readAllBytes(folder.resolve("model-" + where).resolve("weights.f32"));
  }

  private static List<Row> scores(String where) {
    return SharedSpark.session()
        .read()
        .parquet(folder.resolve("scores-" + where).toString())
        .drop(ScoreColumns.SCORED_AT)
        .orderBy("index")
        .collectAsList();
  }

  @Test
  void bothExecutorsTrain() throws IOException {
    assertEquals(BOTH_EXECUTORS, events("train-cluster").executors("averaging round"));
    assertEquals(Set.of("driver"), events("train-process").executors("averaging round"));
  }

  @Test
  void bothExecutorsScore() throws IOException {
    assertEquals(BOTH_EXECUTORS, events("score-cluster").executors("save at StagedFolder"));
  }

  @Test
  void sameWeightsAsInOneProcess() throws IOException {
    assertArrayEquals(weights("process"), weights("cluster"));
  }

  @Test
  void sameScoresAsInOneProcess() {
    List<Row> inOneProcess = scores("process");
    assertEquals(10_000, inOneProcess.size());
    assertEquals(inOneProcess, scores("cluster"));
  }
}
