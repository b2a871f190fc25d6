package io.latentlake.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.latentlake.data.ClassColumn;
import io.latentlake.data.Condition;
import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeaturePlan;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.RowShape;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.variant.Variants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's folder: what is written reads back to the bit, and damage is named. */
class ModelFolderTest {
  private static final int WIDTH = 5;
  private static final String CHOSEN =
      "{ \"rule\" : \"budget\", \"wanted\" : 100, \"score\" : 1.1 }";
  private final org.apache.hadoop.conf.Configuration hadoop =
      new org.apache.hadoop.conf.Configuration();
  @TempDir Path folder;
  private TrainedVae model;

  @BeforeEach
  void write() throws IOException {
    Configuration configuration =
        Configuration.parse(
            "model { encoder = [4], latent = 2, decoder = [3] }",
            "test",
            Map.of("score.contamination", 0.05));
    KllFloatsSketch errors = KllFloatsSketch.newHeapInstance(Calibration.SKETCH_SIZE);
    for (int i = 0; i < 100; i++) {
      errors.update(i * 0.37f);
    }
    try (VaeNetwork network =
        Variants.trainable(
            configuration.model(), RowShape.of(WIDTH), configuration.train().updater(), 3)) {
      model =
          TrainedVae.uncalibrated(
                  configuration,
                  new FeaturePlan(List.of(new FeatureColumn("x", FeatureColumn.Kind.ARRAY, WIDTH))),
                  network.parameters(),
                  Provenance.now("t", 100, 1, "3.5", "00ff", List.of("x array<float>")))
              .withCalibration(Calibration.of(errors, 0.05));
    }
    ModelFolder.write(model, FileSystem.getLocal(hadoop), hadoopPath());
  }

  private org.apache.hadoop.fs.Path hadoopPath() {
    return new org.apache.hadoop.fs.Path(folder.toUri());
  }

  private TrainedVae read() {
    return ModelFolder.read(folder.toString(), hadoop);
  }

  @Test
  void readsBackToTheBit() {
    TrainedVae read = read();
    assertEquals(model.configuration(), read.configuration());
    assertEquals(model.features(), read.features());
    assertEquals(model.provenance(), read.provenance());
    assertArrayEquals(model.parameters(), read.parameters());
    Calibration calibration = read.requireCalibration();
    assertEquals(model.requireCalibration().threshold(), calibration.threshold());
    assertEquals(0.5, calibration.anomalyScore(49 * 0.37f));
  }

  /** What a row's raw score, latent and reasons depend on tells ids apart, and nothing else. */
  @Test
  void theIdIsOfAllThatScoresDependOn() throws IOException {
    String id = ModelFolder.id(model);
    assertEquals(id, ModelFolder.id(read()));
    Calibration calibration = model.requireCalibration();
    var threshold = new Threshold(Threshold.Rule.BUDGET, 100, 1.1f);
    ScoreSpec score = model.configuration().score();
    for (TrainedVae same :
        List.of(
            model.withCalibration(calibration.withThreshold(threshold)),
            model.readingColumns(List.of("y")),
            model.scoringBy(score.with(score.kind(), 0.2)),
            read().scoringIn(ScoreSpec.Precision.BFLOAT16))) {
      assertEquals(id, ModelFolder.id(same));
    }
    var vector = new FeaturePlan(List.of(new FeatureColumn("x", FeatureColumn.Kind.VECTOR, WIDTH)));
    TrainedVae planned =
        TrainedVae.uncalibrated(
            model.configuration(), vector, model.parameters(), model.provenance());
    for (TrainedVae other :
        List.of(read().scoringBy(score.with(ScoreSpec.Kind.ELBO, 0.2)), planned)) {
      assertNotEquals(id, ModelFolder.id(other));
    }
  }

  @Test
  void anEarlierFolderKeepsTheIdOfItsWeights() throws IOException {
    edit("\"format\" : 4", "\"format\" : 3");
    edit("\"id\" : \"%s\"".formatted(ModelFolder.id(model)), "\"id\" : null");
    TrainedVae earlier = read();
    String id = ModelFolder.checksum(model).substring(0, 12);
    assertEquals(id, ModelFolder.id(earlier));
    assertNotEquals(id, ModelFolder.id(model));
  }

  @Test
  void aConditionReadsBackToo() throws IOException {
    var features = new FeatureColumn("x", FeatureColumn.Kind.ARRAY, WIDTH);
    var condition =
        new Condition(
            List.of(new ClassColumn("kind", List.of("a", "b"))),
            List.of(new FeatureColumn("size", FeatureColumn.Kind.NUMBER, 1)));
    var plan = new FeaturePlan(List.of(features), condition);
    var configuration =
        Configuration.parse(
            "model { variant = conditional-vae, encoder = [4], latent = 2, decoder = [3] }",
            "test",
            Map.of());
    int weights = (int) Variants.parameterCount(configuration.model(), plan.shape());
    TrainedVae conditional =
        TrainedVae.uncalibrated(configuration, plan, new float[weights], model.provenance())
            .withCalibration(model.requireCalibration());
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    ModelFolder.write(conditional, FileSystem.getLocal(hadoop), hadoopPath());
    assertEquals(plan, read().features());
    edit("\"a\", \"b\"", "\"a\", \"a\"");
    assertRefused("class kind: a level comes twice");
    edit("\"a\", \"a\"", "\"a\", \"b\", \"c\"");
    assertRefused("don't belong together");
  }

  @Test
  void aChosenThresholdReadsBackAndABrokenOneIsRefused() throws IOException {
    assertTrue(read().requireCalibration().chosen().isEmpty());
    edit("\"threshold\" : null", "\"threshold\" : " + CHOSEN);
    Calibration calibration = read().requireCalibration();
    var chosen = new Threshold(Threshold.Rule.BUDGET, 100, 1.1f);
    assertEquals(chosen, calibration.chosen().orElseThrow());
    assertEquals(1.1f, calibration.threshold());
    edit("1.1", "1e99");
    assertRefused("threshold.score");
    edit("1e99", "\"1\"");
    assertRefused("damaged");
  }

  @Test
  void oneFlippedBitIsNoticed() throws IOException {
    for (String name : List.of("weights.f32", "calibration.kll")) {
      Path file = folder.resolve(name);
      byte[] content = Files.readAllBytes(file);
      content[content.length / 2] ^= 1;
      replace(file, content);
      assertRefused(name, "checksum");
      content[content.length / 2] ^= 1;
      replace(file, content);
    }
    assertEquals(model.parameterCount(), read().parameterCount());
  }

  @Test
  void aFlippedBitInTheDocumentOrItsSealIsNoticed() throws IOException {
    for (String name : List.of("model.json", "model.json.sha256")) {
      Path file = folder.resolve(name);
      byte[] content = Files.readAllBytes(file);
      for (int bit = 0; bit < 8 * content.length; bit += 37) {
        content[bit / 8] ^= (byte) (1 << bit % 8);
        replace(file, content);
        assertRefused("model.json");
        content[bit / 8] ^= (byte) (1 << bit % 8);
      }
      replace(file, content);
    }
    assertEquals(model.parameterCount(), read().parameterCount());
  }

  @Test
  void aFileCutShortIsNoticed() throws IOException {
    Path file = folder.resolve("weights.f32");
    replace(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 10));
    assertRefused("weights.f32: 10 bytes", "cut short");
  }

  @Test
  void aMissingFileIsNoticed() throws IOException {
    Files.delete(folder.resolve("calibration.kll"));
    assertRefused("calibration.kll", "missing");
  }

  @Test
  void theDocumentCutAnywhereIsRefused() throws IOException {
    Path file = folder.resolve("model.json");
    byte[] content = Files.readAllBytes(file);
    for (int length = 0; length < content.length - 1; length += 7) {
      replace(file, java.util.Arrays.copyOf(content, length));
      assertThrows(InvalidInputException.class, this::read);
    }
  }

  @Test
  void anUnknownKeyANewerFormatAndAnotherNetworkAreRefused() throws IOException {
    edit("\"format\" : 4", "\"format\" : 5");
    assertRefused("format 5");
    edit("\"format\" : 5", "\"format\" : 4, \"class\" : \"java.lang.Runtime\"");
    assertRefused("class");
    edit(", \"class\" : \"java.lang.Runtime\"", "");
    edit("\"latent\" : 2", "\"latent\" : 3");
    assertRefused("don't belong together");
  }

  @Test
  void aHugeNetworkIsRefusedBeforeMemoryIsTaken() throws IOException {
    edit("\"latent\" : 2", "\"latent\" : 2000000000");
    assertRefused("don't belong together");
  }

  @Test
  void aFolderWithoutAModelIsNamed() {
    var error =
        assertThrows(
            InvalidInputException.class,
            () -> ModelFolder.read(folder.resolve("nothing").toString(), hadoop));
    assertTrue(error.getMessage().contains("no model here"), error.getMessage());
  }

  private void assertRefused(String... parts) {
    var error = assertThrows(InvalidInputException.class, this::read);
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
  }

  /** The document of a folder without a seal, as earlier versions wrote it and strangers may. */
  private void edit(String from, String to) throws IOException {
    Files.deleteIfExists(folder.resolve("model.json.sha256"));
    Path file = folder.resolve("model.json");
    String text = Files.readString(file);
    assertTrue(text.contains(from), text);
    replace(file, text.replace(from, to).getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Also removes Hadoop's own checksum, which would notice first. */
  private void replace(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    Files.write(file, content);
    assertFalse(Files.exists(file.resolveSibling("." + file.getFileName() + ".crc")));
  }
}
