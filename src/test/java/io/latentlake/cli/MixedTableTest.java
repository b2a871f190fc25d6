package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of numbers and a category, each under a likelihood of its own, as a user would. */
class MixedTableTest {
  private static final int ROWS = 200;

  @TempDir static Path folder;

  @BeforeAll
  static void train() throws IOException {
    var table =
        SmallTables.numbers(ROWS)
            .withColumn("is_odd", functions.expr("cast(kind = 'odd' as double)"))
            .withColumn("category", functions.expr("array(is_odd, 1 - is_odd)"));
    SmallTables.parquet(table, folder.resolve("table"));
    // The category of one row is no distribution.
    var broken = functions.expr("if(id = 3, array(1d, 1d), category)");
    SmallTables.parquet(table.withColumn("category", broken), folder.resolve("broken"));
    configure("mixed", 2);
    configure("narrow", 1);
    run(training("mixed") + " --model " + path("model"));
  }

  /** So many numbers, and the category behind them. */
  private static void configure(String name, int numbers) throws IOException {
    String likelihood =
        """
        model.likelihood {
          family = mixed
          groups = [
            { family = gaussian-feature-variance, width = %d }
            { family = categorical, width = 2 }
          ]
        }
        """
            .formatted(numbers);
    Files.writeString(folder.resolve(name), SmallTables.NUMBERS_CONFIGURATION + likelihood);
  }

  private static String training(String configuration) {
    return "train --input %s --features left,right,category --config %s"
        .formatted(path("table"), path(configuration));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static CommandRun run(String words) {
    return CommandRun.of(words.split(" ")).orFail();
  }

  @Test
  void scoresAndRejectsByColumn() {
    run(
        "score --model %s --input %s --output %s"
            .formatted(path("model"), path("broken"), path("scores")));

    var spark = SharedSpark.session();
    assertEquals(ROWS - 1, spark.read().parquet(path("scores")).count());
    var rejected = spark.read().parquet(path("scores/_rejected")).collectAsList();
    assertEquals(1, rejected.size());
    assertEquals(3L, rejected.get(0).<Long>getAs("id"));
  }

  @Test
  void inspectNamesTheGroups() {
    String out = run("inspect --model " + path("model")).out();
    assertTrue(out.contains("mixed (gaussian-feature-variance of 2, categorical of 2)"), out);
  }

  @Test
  void groupsOfAnotherWidthAreRefused() {
    String command = training("narrow") + " --model " + path("new");
    Refusal.of(folder, List.of(command.split(" ")))
        .names("model.likelihood.groups", "1 + 2 = 3", "4 features");
  }
}
