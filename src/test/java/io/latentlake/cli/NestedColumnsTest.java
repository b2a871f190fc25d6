package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallTables;
import io.latentlake.data.FeaturePlan;
import io.latentlake.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dots in a name lead into structs, unless a column has that very name. */
class NestedColumnsTest {
  @TempDir static Path folder;

  private static SmallModel small;
  private static List<Row> expected;
  private static String nested;

  @BeforeAll
  static void tables() throws IOException {
    small = SmallModel.train(folder);
    expected = scored(small.model(), small.table(), "left,right");
    nested =
        SmallTables.parquet(
            SmallTables.numbers(SmallModel.ROWS)
                .selectExpr(
                    "id",
                    "named_struct('sides', named_struct('left', left, 'right', right), 'kind', kind) as order"),
            folder.resolve("nested"));
  }

  private static List<Row> scored(String model, String table, String features) {
    String output = folder.resolve("scores-" + System.nanoTime()).toString();
    small.run(
        "score --model %s --input %s --output %s --keep id --features %s"
            .formatted(model, table, output, features));
    return SharedSpark.session()
        .read()
        .parquet(output)
        .select("id", "elbo", "anomaly_score", "latent")
        .orderBy("id")
        .collectAsList();
  }

  @Test
  void structs() {
    assertEquals(expected, scored(small.model(), nested, "order.sides.left,order.sides.right"));
  }

  @Test
  void namesWithDots() {
    String dotted =
        SmallTables.parquet(
            SmallTables.numbers(SmallModel.ROWS)
                .selectExpr(
                    "id",
                    "left as `side.left`",
                    "right as `side.right`",
                    "named_struct('left', 0D, 'right', 0D) as side"),
            folder.resolve("dotted"));
    assertEquals(expected, scored(small.model(), dotted, "side.left,side.right"));
  }

  @Test
  void trainedOn() throws IOException {
    String model = folder.resolve("nested-model").toString();
    String features = "order.sides.left,order.sides.right";
    small.run(
        "train --input %s --features %s --condition order.kind --config %s --model %s"
            .formatted(nested, features, conditional(), model));
    assertEquals(
        List.of("odd", "usual"),
        ModelFolder.read(model, new Configuration())
            .features()
            .condition()
            .classes()
            .get(0)
            .levels());
    assertEquals(SmallModel.ROWS, scored(model, nested, features).size());
  }

  private static Path conditional() throws IOException {
    return Files.writeString(
        folder.resolve("conditional.conf"),
        SmallTables.NUMBERS_CONFIGURATION + "model.variant = conditional-vae");
  }

  @Test
  void automatic() throws IOException {
    Path configuration = folder.resolve("automatic.conf");
    Files.writeString(configuration, SmallTables.MIXED_CONFIGURATION);
    String model = folder.resolve("automatic-model").toString();
    CommandRun run =
        small.run(
            "train --input %s --features auto,order.kind:category --exclude id --config %s --model %s"
                .formatted(nested, configuration, model));
    assertTrue(run.out().contains("order.sides.left"), run.out());
    FeaturePlan plan = ModelFolder.read(model, new Configuration()).features();
    assertEquals(
        Set.of("order.sides.left", "order.sides.right", "order.kind"), Set.copyOf(plan.names()));
    String scores = folder.resolve("automatic-scores").toString();
    small.run("score --model %s --input %s --output %s".formatted(model, nested, scores));
    Row reasons =
        SharedSpark.session()
            .read()
            .parquet(scores)
            .selectExpr("collect_set(reasons[0].feature)", "count(order.kind)")
            .first();
    assertTrue(plan.names().containsAll(reasons.<String>getList(0)), reasons::toString);
    assertEquals(SmallModel.ROWS, reasons.getLong(1));
    small.run(
        "compress --model %s --input %s --output %s"
            .formatted(model, nested, folder.resolve("automatic-codes")));
    small
        .refused(
            "impute --model %s --input %s --output %s"
                .formatted(model, nested, folder.resolve("none")))
        .names("order.", "field of a struct");
  }

  @Test
  void noSuchField() {
    small
        .refused(
            "score --model %s --input %s --output %s --features order.left,order.sides.right"
                .formatted(small.model(), nested, folder.resolve("none")))
        .names("order.left", "order");
  }
}
