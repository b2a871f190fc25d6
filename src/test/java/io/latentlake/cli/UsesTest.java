package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.SharedSpark;
import io.latentlake.SmallImages;
import io.latentlake.model.ModelFolder;
import io.latentlake.score.Generator;
import io.latentlake.score.LatentQuantizer;
import io.latentlake.spec.Json;
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

/** The commands for what a model is used for, on images. */
class UsesTest {
  private static final int ROWS = 300;
  private static final int GAP = 2;
  private static final int CELL = 28 * 2 + GAP;

  @TempDir static Path folder;

  private static String table;
  private static String model;

  @BeforeAll
  static void train() throws IOException {
    table = path("images");
    SmallImages.table(ROWS).write().parquet(table);
    Path configuration = folder.resolve("images.conf");
    Files.writeString(configuration, SmallImages.CONFIGURATION + "train.input-noise = 0.3");
    model = path("model");
    run(
        "train --no-scaling --averaging-frequency 8 --features image --input %s --config %s --model %s"
            .formatted(table, configuration, model));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static CommandRun run(String words) {
    return CommandRun.of(words.split(" ")).orFail();
  }

  private static CommandRun using(String words) {
    return run(words + " --model " + model);
  }

  private static Refusal refused(String words) {
    return Refusal.of(folder, List.of((words + " --model " + model).split(" ")));
  }

  private static Dataset<Row> read(String name) {
    return SharedSpark.session().read().parquet(path(name));
  }

  private static JsonNode json(String name) throws IOException {
    return Json.METRICS.readTree(Files.readString(folder.resolve(name)));
  }

  private static void assertGrid(String name, int columns, int lines) throws IOException {
    BufferedImage picture = ImageIO.read(folder.resolve(name).toFile());
    assertEquals(GAP + columns * CELL, picture.getWidth());
    assertEquals(GAP + lines * CELL, picture.getHeight());
    for (int line = 0; line < lines; line++) {
      int side = CELL - GAP;
      int[] pixels = picture.getRGB(GAP, GAP + line * CELL, side, side, null, 0, side);
      assertTrue(Arrays.stream(pixels).distinct().count() > 20, "line " + line + " is blank");
    }
  }

  @Test
  void interpolation() throws IOException {
    for (String kind : List.of("linear", "spherical")) {
      using(
          "interpolate --from 1 --to 7 --steps 6 --path %s --input %s --out %s"
              .formatted(kind, table, path(kind + ".png")));
      assertGrid(kind + ".png", 6, 1);
    }
  }

  @Test
  void traversal() throws IOException {
    using("traverse --steps 5 --out " + path("origin.png"));
    assertGrid("origin.png", 5, 4);
    String out =
        using("traverse --row 3 --input %s --out %s".formatted(table, path("row.png"))).out();
    assertGrid("row.png", 13, 4);
    double[] divergences =
        out.lines()
            .skip(1)
            .limit(4)
            .mapToDouble(line -> Double.parseDouble(line.strip().split("\\s+")[2]))
            .toArray();
    for (int i = 1; i < divergences.length; i++) {
      assertTrue(divergences[i - 1] >= divergences[i], out);
    }
    assertTrue(divergences[0] > 0, out);
  }

  @Test
  void denoising() throws IOException {
    using(
        "denoise --noise 0.3 --keep index,image --input %s --output %s --out %s --metrics %s"
            .formatted(table, path("denoised"), path("denoised.png"), path("denoised.json")));
    assertGrid("denoised.png", 16, 3);
    assertEquals(ROWS, read("denoised").count());
    assertEquals(0, read("denoised").where("length(image_denoised) != 784").count());
    JsonNode metrics = json("denoised.json");
    // E of the squared noise, of which about half is clipped away.
    assertEquals(0.047, metrics.get("noisy").asDouble(), 0.005);
    assertTrue(metrics.get("denoised").asDouble() > 0);
  }

  @Test
  void denoisingATableThatIsNoisyAlready() throws IOException {
    using(
        "denoise --input %s --output %s --out %s"
            .formatted(table, path("as-is"), path("as-is.png")));
    assertGrid("as-is.png", 16, 2);
    List<String> columns = List.of(read("as-is").columns());
    assertEquals(List.of("index", "label", "dataset", "image_denoised"), columns);
  }

  @Test
  void imputing() throws IOException {
    using(
        "impute --mask bottom --rounds 10 --keep index --input %s --output %s --out %s --metrics %s"
            .formatted(table, path("imputed"), path("imputed.png"), path("imputed.json")));
    assertGrid("imputed.png", 16, 3);
    assertEquals(ROWS * 392, json("imputed.json").get("filled_values").asInt());
    assertTrue(json("imputed.json").get("imputed").asDouble() > 0);
    assertTrue(json("imputed.json").get("column_mean").asDouble() > 0);
    List<Row> before = SmallImages.table(ROWS).orderBy("index").collectAsList();
    List<Row> after = read("imputed").orderBy("index").collectAsList();
    for (int i = 0; i < ROWS; i++) {
      byte[] seen = before.get(i).getAs("image");
      byte[] filled = after.get(i).getAs("image");
      assertArrayEquals(Arrays.copyOf(seen, 392), Arrays.copyOf(filled, 392));
      assertFalse(Arrays.equals(seen, filled));
    }
  }

  @Test
  void decompressedIsWhatTheRoundedLatentsDecodeTo() throws IOException {
    using(
        "compress --bits 5 --input %s --output %s --metrics %s"
            .formatted(table, path("compressed"), path("compressed.json")));
    using("decompress --input %s --output %s".formatted(path("compressed"), path("again")));
    JsonNode metrics = json("compressed.json");
    assertEquals(20, metrics.get("bits_per_row").asInt());
    assertEquals(784 * 8, metrics.get("original_bits_per_row").asInt());
    assertEquals(0, read("compressed").where("length(code) != 3").count());
    JsonNode quantizer = json("compressed/_compression.json").get("quantizer");
    var codes = Json.METRICS.treeToValue(quantizer, LatentQuantizer.class);
    List<Row> compressed = read("compressed").orderBy("index").collectAsList();
    List<Row> again = read("again").orderBy("index").collectAsList();
    assertEquals(ROWS, again.size());
    var hadoop = SharedSpark.session().sessionState().newHadoopConf();
    try (var generator = new Generator(ModelFolder.read(model, hadoop))) {
      for (int i = 0; i < 20; i++) {
        float[] z = codes.unpack(compressed.get(i).getAs("code"));
        float[] expected = generator.decode(new float[][] {z})[0];
        byte[] image = again.get(i).getAs("image");
        for (int pixel = 0; pixel < image.length; pixel++) {
          assertEquals(255 * expected[pixel], image[pixel] & 0xff, 0.51);
        }
      }
    }
  }

  @Test
  void anotherModelDecompressesNothing() throws IOException {
    using("compress --input %s --output %s".formatted(table, path("ours")));
    String other = path("other-model");
    run(
        "train --features image --seed 9 --input %s --config %s --model %s"
            .formatted(table, path("images.conf"), other));
    Refusal.of(
            folder,
            List.of(
                "decompress", "--model", other, "--input", path("ours"), "--output", path("not")))
        .names(path("ours"), "--model", "give the same one");
    refused("decompress --input %s --output %s".formatted(table, path("not")))
        .names(table, "no compressed table", "compress");
  }

  @Test
  void embedding() throws IOException {
    String out =
        using(
                "embed --label label --input %s --output %s --out %s"
                    .formatted(table, path("embedded"), path("map.png")))
            .out();
    assertTrue(out.contains("variance"), out);
    assertEquals(
        List.of("index", "label", "dataset", "latent"), List.of(read("embedded").columns()));
    assertEquals(0, read("embedded").where("size(latent) != 4").count());
    assertTrue(ImageIO.read(folder.resolve("map.png").toFile()).getWidth() > 400);
  }

  @Test
  void chosenLatents() throws IOException {
    Files.writeString(folder.resolve("latents.txt"), "1, 1, 1, 1\n\n0,0,0,0\n");
    using(
        "generate --latent -1,0.5,2,0 --latents %s --out %s --output %s"
            .formatted(path("latents.txt"), path("chosen.png"), path("chosen")));
    assertEquals(GAP + 2 * CELL, ImageIO.read(folder.resolve("chosen.png").toFile()).getWidth());
    assertEquals(3, read("chosen").count());
    assertEquals(List.of("z", "image"), List.of(read("chosen").columns()));
    assertEquals(1, read("chosen").where("z = array(-1f, 0.5f, 2f, 0f)").count());
  }

  @Test
  void malformedOptions() {
    String output = " --input %s --output %s".formatted(table, path("new"));
    refused("denoise --noise -1" + output).names("--noise -1", "at least 0");
    refused("impute --rounds 0" + output).names("--rounds 0", "at least 1");
    refused("impute --mask middle" + output).names("--mask", "middle");
    refused("impute --mask top --mask-column label" + output)
        .names("--mask-column label", "--mask");
    refused("impute --mask-column label" + output).names("--mask-column label", "784");
    refused("impute --out x.png" + output).names("--out x.png", "--mask");
    refused("compress --bits 17" + output).names("--bits 17", "16");
    refused("embed --label label" + output).names("--label label", "--out");
    refused("embed --label colour --out %s".formatted(path("x.png")) + output)
        .names("--label colour", "label");
    refused("generate").names("--out", "--output");
    refused("generate --count 0 --out " + path("x.png")).names("--count 0", "at least 1");
    refused("generate --latent 1,2 --out " + path("x.png")).names("--latent 1,2", "4");
    refused("generate --latent 1,2,x,4 --out " + path("x.png")).names("'x'");
    refused("generate --latent 1,2,NaN,4 --out " + path("x.png")).names("NaN", "finite");
    refused("generate --latents nowhere --out " + path("x.png")).names("--latents nowhere");
    String picture = " --input %s --out %s".formatted(table, path("x.png"));
    refused("interpolate --from 1 --to 2 --steps 1" + picture).names("--steps 1", "at least 2");
    refused("interpolate --from -1 --to 2" + picture).names("--from -1", "at least 0");
    refused("interpolate --from 1 --to 2000" + picture).names("--to 2000", "no such row");
    refused("interpolate --from 1 --to 2 --path curved" + picture).names("--path", "curved");
    refused("traverse --steps 1 --out " + path("x.png")).names("--steps 1", "at least 2");
    refused("traverse --row 1 --out " + path("x.png")).names("--row 1", "--input");
  }
}
