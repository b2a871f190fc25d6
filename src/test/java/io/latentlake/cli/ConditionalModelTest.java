package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.SharedSpark;
import io.latentlake.SmallImages;
import io.latentlake.SmallTables;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conditional VAE of images through the commands, trained by two workers. */
class ConditionalModelTest {
  private static final int ROWS = 300;
  private static final int CELL = 28 * 2 + 2;

  @TempDir static Path folder;

  private static String table;
  private static String configuration;
  private static String model;

  @BeforeAll
  static void train() throws IOException {
    table = SmallTables.parquet(SmallImages.table(ROWS), folder.resolve("images"));
    configuration = folder.resolve("images.conf").toString();
    Files.writeString(
        Path.of(configuration), SmallImages.CONFIGURATION + "model.variant = conditional-vae");
    model = folder.resolve("model").toString();
    run(training(configuration, model), "--condition", "label", "--validation", table);
  }

  private static String training(String configuration, String model) {
    return "train --workers 2 --averaging-frequency 8 --features image --input %s --config %s --model %s"
        .formatted(table, configuration, model);
  }

  private static List<String> arguments(String words, String... more) {
    var arguments = new java.util.ArrayList<>(List.of(words.split(" ")));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static CommandRun run(String words, String... more) {
    return CommandRun.of(arguments(words, more)).orFail();
  }

  private static Refusal refused(String words, String... more) {
    return Refusal.of(folder, arguments(words, more));
  }

  private static BufferedImage picture(String name, String words) throws IOException {
    Path file = folder.resolve(name);
    run(words + " --model " + model + " --out " + file);
    return ImageIO.read(file.toFile());
  }

  private static int[] pixels(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }

  @Test
  void inspectionNamesTheCondition() {
    String out = run("inspect --model " + model).out();
    assertTrue(out.contains("784 features"), out);
    assertTrue(out.contains("given label, one of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"), out);
  }

  @Test
  void scoresDependOnTheCondition() {
    Dataset<Row> images = SmallImages.table(ROWS);
    String turned =
        SmallTables.parquet(
            images.selectExpr("index", "image", "(label + 1) % 10 label"),
            folder.resolve("turned"));
    Dataset<Row> right = scored(table, "right");
    Dataset<Row> wrong = scored(turned, "wrong");
    assertEquals(ROWS, right.count());
    assertTrue(List.of(right.columns()).contains("label"), "the condition is kept");
    assertEquals(
        0,
        right
            .as("r")
            .join(wrong.as("w"), "index")
            .where("r.reconstruction_error = w.reconstruction_error")
            .count());
  }

  private static Dataset<Row> scored(String input, String name) {
    String output = folder.resolve(name).toString();
    run("score --model %s --input %s --output %s".formatted(model, input, output));
    return SharedSpark.session().read().parquet(output);
  }

  @Test
  void rowsOfNoKnownLevelAreKeptApart() {
    String labels = "case when index < 5 then 12 when index < 8 then null else label end label";
    String spoilt =
        SmallTables.parquet(
            SmallImages.table(ROWS).selectExpr("index", "image", labels), folder.resolve("spoilt"));
    assertEquals(ROWS - 8, scored(spoilt, "spoilt-scores").count());
    Dataset<Row> rejected =
        SharedSpark.session().read().parquet(folder.resolve("spoilt-scores/_rejected").toString());
    assertEquals(5, rejected.where("rejection_reason = 'UNSEEN_LEVEL' and label = 12").count());
    assertEquals(
        3, rejected.where("rejection_reason = 'NULL_CONDITION' and label is null").count());
    assertEquals(8, rejected.count());
  }

  @Test
  void generatesByClass() throws IOException {
    BufferedImage three = picture("three.png", "generate --class 3 --count 4 --seed 5");
    BufferedImage again = picture("again.png", "generate --class 3 --count 4 --seed 5");
    BufferedImage eight = picture("eight.png", "generate --class 8 --count 4 --seed 5");
    assertEquals(2 * CELL + 2, three.getWidth());
    assertTrue(Arrays.equals(pixels(three), pixels(again)));
    assertFalse(Arrays.equals(pixels(three), pixels(eight)), "the class makes no difference");
  }

  @Test
  void generatesALineForEachClass() throws IOException {
    BufferedImage all = picture("all.png", "generate --count 30");
    assertEquals(3 * CELL + 2, all.getWidth());
    assertEquals(10 * CELL + 2, all.getHeight());
  }

  @Test
  void reconstructsEachRowUnderItsOwnCondition() throws IOException {
    BufferedImage pairs = picture("pairs.png", "reconstruct --count 5 --input " + table);
    assertEquals(5 * CELL + 2, pairs.getWidth());
    assertEquals(2 * CELL + 2, pairs.getHeight());
  }

  @Test
  void aConditionWhereThereIsNoneToBeAndTheOtherWayRound() throws IOException {
    String other = folder.resolve("other").toString();
    refused(training(configuration, other))
        .names("model.variant = conditional-vae", "needs a condition", "--condition");
    Path plain = folder.resolve("plain.conf");
    Files.writeString(plain, SmallImages.CONFIGURATION);
    refused(training(plain.toString(), other), "--condition", "label")
        .names("model.variant = vae takes none", "leave --condition out", "conditional-vae");
    String picture = folder.resolve("no.png").toString();
    refused("generate --class 11 --model %s --out %s".formatted(model, picture))
        .names("label = 11", "0, 1, 2");
    refused("generate --class 1 --class 2 --model %s --out %s".formatted(model, picture))
        .names("takes 1", "label");
  }
}
