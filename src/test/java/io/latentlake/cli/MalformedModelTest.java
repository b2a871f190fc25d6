package io.latentlake.cli;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are missing or damaged are refused in one line, and leave nothing behind. */
class MalformedModelTest {
  @TempDir static Path folder;

  private static SmallModel small;

  @BeforeAll
  static void trainModel() throws IOException {
    small = SmallModel.train(folder);
  }

  /** Both commands that read a model and write, and the one that needs no Spark. */
  private static void refused(String model, Object... things) {
    String scores = folder.resolve("scores").toString();
    small
        .refused("score --input " + small.table() + " --output " + scores + " --model " + model)
        .names(things);
    String picture = folder.resolve("picture.png").toString();
    small.refused("generate --out " + picture + " --model " + model).names(things);
    small.refused("inspect --model " + model).names(things);
  }

  /** A copy of the model in which one file is cut to a share of its length. */
  private static Path cut(String copy, String file, double share) throws IOException {
    Path target = Files.createDirectory(folder.resolve(copy));
    for (String name : new String[] {"model.json", "weights.f32", "calibration.kll"}) {
      byte[] content = Files.readAllBytes(Path.of(small.model(), name));
      int length = name.equals(file) ? (int) (share * content.length) : content.length;
      Files.write(target.resolve(name), Arrays.copyOf(content, length));
    }
    return target;
  }

  @Test
  void missingFolder() {
    String model = folder.resolve("nowhere").toString();
    refused(model, model, "no model here", "model.json");
  }

  @Test
  void weightsCutShort() throws IOException {
    String model = cut("cut-weights", "weights.f32", 0.5).toString();
    refused(model, model, "weights.f32", "cut short");
  }

  @Test
  void calibrationCutShort() throws IOException {
    String model = cut("cut-calibration", "calibration.kll", 0.5).toString();
    refused(model, model, "calibration.kll", "cut short");
  }

  @Test
  void documentCutShort() throws IOException {
    String half = cut("cut-document", "model.json", 0.5).toString();
    refused(half, half, "model.json", "damaged");
    String empty = cut("empty-document", "model.json", 0).toString();
    refused(empty, empty, "model.json", "damaged");
  }

  @Test
  void weightsMissing() throws IOException {
    Path model = cut("no-weights", "", 1);
    Files.delete(model.resolve("weights.f32"));
    refused(model.toString(), model, "weights.f32", "missing");
  }

  @Test
  void weightsAltered() throws IOException {
    Path model = cut("altered", "", 1);
    byte[] weights = Files.readAllBytes(model.resolve("weights.f32"));
    weights[weights.length / 2] ^= 1;
    Files.write(model.resolve("weights.f32"), weights);
    refused(model.toString(), model, "weights.f32", "checksum");
  }

  /** One bit that leaves the document a valid one: a digit of a setting. */
  @Test
  void documentAltered() throws IOException {
    Path model = cut("altered-document", "", 1);
    Path seal = Path.of(small.model(), "model.json.sha256");
    Files.copy(seal, model.resolve("model.json.sha256"));
    String json = Files.readString(model.resolve("model.json"));
    String altered = json.replace("\"contamination\" : 0.05", "\"contamination\" : 0.04");
    assertNotEquals(json, altered);
    Files.writeString(model.resolve("model.json"), altered);
    refused(model.toString(), model, "model.json", "checksum", "model.json.sha256");
  }
}
