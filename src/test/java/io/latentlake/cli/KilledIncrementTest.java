package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.Submitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An incremental job of its own process that is killed, twice, and run again: every row once. */
@Tag("slow")
class KilledIncrementTest {
  private static final int FILES = 12;
  private static final long ROWS_OF_A_FILE = 20;
  private static final int BAD_EVERY = 10;

  @TempDir Path folder;
  private Path checkpoint;
  private Path scores;
  private SmallModel small;
  private SparkSession spark;

  @BeforeEach
  void prepare() throws IOException {
    spark = SharedSpark.session();
    small = SmallModel.train(folder);
    checkpoint = folder.resolve("checkpoint");
    scores = folder.resolve("scores");
    spark
        .range(0, FILES * ROWS_OF_A_FILE, 1, FILES)
        .selectExpr(
            "id",
            "if(id %% %d = 0, null, id / 100.0D) AS left".formatted(BAD_EVERY),
            "id / 100.0D AS right")
        .write()
        .parquet(folder.resolve("input").toString());
  }

  private Submitted submit() throws IOException {
    String words =
        "score --incremental --checkpoint %s --max-files-per-batch 1 --keep id --model %s --input %s --output %s -- --master local[2]"
            .formatted(checkpoint, small.model(), folder.resolve("input"), scores);
    return new Submitted(folder, List.of(words.split(" ")));
  }

  @Test
  void everyRowOnce() throws IOException, InterruptedException {
    // Within a batch: Spark has noted what it holds, and it is being written.
    killWhen(scores.resolve("batch_id=1"), checkpoint.resolve("offsets/2"));
    // About the end of one: its rows are there, the checkpoint perhaps doesn't know yet.
    killWhen(scores.resolve("batch_id=5"), scores.resolve("batch_id=5"));
    try (var last = submit()) {
      assertEquals(0, last.waitFor(Duration.ofMinutes(3)), last.output());
      assertFalse(last.output().contains("\tat "), last.output());
    }
    Dataset<Row> scored = spark.read().parquet(scores.toString());
    assertEquals(ids(false), ids(scored));
    assertEquals(FILES, scored.select("batch_id").distinct().count());
    assertEquals(ids(true), ids(spark.read().parquet(scores + "/batch_id=*/_rejected")));
    assertEquals(List.of(), leftovers());
    try (var nothing = submit()) {
      assertEquals(0, nothing.waitFor(Duration.ofMinutes(3)), nothing.output());
      assertTrue(nothing.output().contains("Nothing new"), nothing.output());
    }
  }

  private void killWhen(Path first, Path second) throws IOException, InterruptedException {
    try (var running = submit()) {
      Instant deadline = Instant.now().plus(Duration.ofMinutes(3));
      while (!Files.exists(first) || !Files.exists(second)) {
        assertFalse(running.hasEnded(Duration.ofMillis(1)), running.output());
        assertTrue(Instant.now().isBefore(deadline), running.output());
      }
    } // killed where it is
    assertFalse(Files.exists(checkpoint.resolve("commits/" + (FILES - 1))), "killed too late");
  }

  private static List<Long> ids(boolean bad) {
    return LongStream.range(0, FILES * ROWS_OF_A_FILE)
        .filter(id -> (id % BAD_EVERY == 0) == bad)
        .boxed()
        .toList();
  }

  private static List<Long> ids(Dataset<Row> rows) {
    return rows.select("id").orderBy("id").collectAsList().stream().map(r -> r.getLong(0)).toList();
  }

  /** What runs that were killed had begun to write. */
  private List<String> leftovers() throws IOException {
    try (var files = Files.list(scores)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("incomplete"))
          .toList();
    }
  }
}
