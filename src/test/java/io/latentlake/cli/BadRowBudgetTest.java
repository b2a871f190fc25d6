package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.data.BadRowBudget;
import io.latentlake.data.RejectReason;
import io.latentlake.data.TooManyBadRowsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten rows of two hundred can't be used: how many may there be? */
class BadRowBudgetTest {
  private static final int TOO_MANY = 4;

  @TempDir static Path folder;

  private static SmallModel small;
  private static String bad;

  @BeforeAll
  static void train() throws IOException {
    small = SmallModel.train(folder);
    bad =
        SmallTables.parquet(
            SharedSpark.session()
                .read()
                .parquet(small.table())
                .withColumn("left", functions.expr("if(id % 20 = 3, null, left)")),
            folder.resolve("bad"));
  }

  private static CommandRun score(String output, String options) {
    return CommandRun.of(
        "score --keep id --model %s --input %s --output %s %s"
            .formatted(small.model(), bad, output, options)
            .split(" "));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5%", "10", "100%"})
  void asManyAsAllowedAreKeptApart(String budget) {
    String output = path("kept-" + budget);
    score(output, "--max-bad-rows " + budget).orFail();
    assertEquals(190, SharedSpark.session().read().parquet(output).count());
    assertEquals(10, SharedSpark.session().read().parquet(output + "/_rejected").count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.9%", "9", "0"})
  void withOneMoreNothingIsWritten(String budget) {
    CommandRun run = score(path("refused"), "--max-bad-rows " + budget);
    assertEquals(TOO_MANY, run.exitCode(), run.err());
    assertEquals(1, run.errLines().size(), run.err());
    assertTrue(run.err().contains("10 of 200 rows can't be used (NULL_VALUE: 10)"), run.err());
    assertFalse(Files.exists(Path.of(path("refused"))));
  }

  /** The nearest number to 0.03 / 100 · 10,000 is less than 3. */
  @Test
  void aShareIsNotLessThanItSays() {
    BadRowBudget budget = BadRowBudget.parse("--max-bad-rows", "0.03%");
    budget.require("table", 9_997, Map.of(RejectReason.NULL_VALUE, 3L));
    Map<RejectReason, Long> more = Map.of(RejectReason.NULL_VALUE, 4L);
    assertThrows(TooManyBadRowsException.class, () -> budget.require("table", 9_996, more));
  }

  @Test
  void anOutputThatIsThereStays() {
    score(path("before"), "").orFail();
    CommandRun run = score(path("before"), "--overwrite --max-bad-rows 1");
    assertEquals(TOO_MANY, run.exitCode(), run.err());
    assertEquals(190, SharedSpark.session().read().parquet(path("before")).count());
  }

  /** Delta's tables have what was written at once: so the rows are counted before. */
  @Test
  void aTableGetsNoVersion() {
    CommandRun run = score(path("delta"), "--output-format delta --max-bad-rows 9");
    assertEquals(TOO_MANY, run.exitCode(), run.err());
    assertFalse(Files.exists(Path.of(path("delta"), "_delta_log")));
    score(path("delta"), "--output-format delta --max-bad-rows 10").orFail();
    assertEquals(190, SharedSpark.session().read().format("delta").load(path("delta")).count());
  }

  @Test
  void anIncrementsBatchIsLeftForTheNextRun() {
    String incremental = "--incremental --checkpoint %s --max-bad-rows ".formatted(path("seen"));
    assertEquals(TOO_MANY, score(path("batches"), incremental + 9).exitCode());
    assertFalse(Files.exists(Path.of(path("batches"), "batch_id=0")));
    score(path("batches"), incremental + 10).orFail();
    assertEquals(190, SharedSpark.session().read().parquet(path("batches")).count());
  }

  @Test
  void trainingDoesntBegin() {
    String training =
        small.training().replace("--input " + small.table(), "--input " + bad)
            + " --model "
            + path("other");
    CommandRun run = CommandRun.of((training + " --max-bad-rows 1%").split(" "));
    assertEquals(TOO_MANY, run.exitCode(), run.err());
    assertTrue(run.err().contains("10 of 200 rows can't be used"), run.err());
    assertFalse(Files.exists(Path.of(path("other"))));
    assertFalse(run.out().contains("Training on"), run.out());
    CommandRun.of((training + " --max-bad-rows 5%").split(" ")).orFail();
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (String budget : new String[] {"101%", "x", "-1", "0.1", "%"}) {
      small
          .refused(
              "score --model %s --input %s --output %s".formatted(small.model(), bad, path("x")),
              "--max-bad-rows=" + budget)
          .names("--max-bad-rows", budget);
    }
    small
        .refused(
            "score --model %s --input %s --output %s --max-bad-rows 1 --on-bad-row fail"
                .formatted(small.model(), bad, path("x")))
        .names("--max-bad-rows", "--on-bad-row fail");
  }
}
