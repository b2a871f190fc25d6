package io.latentlake.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.FileSystems;
import io.latentlake.model.ModelDocument.FileEntry;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.variant.Variants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A model's folder: {@code model.json}, {@code weights.f32} (little-endian float32 in DL4J's
 * flattened order), {@code calibration.kll}, and {@code latents.f64} where latent distances are the
 * score.
 */
public final class ModelFolder {
  private static final String DOCUMENT = "model.json";
  private static final String WEIGHTS = "weights.f32";
  private static final String CALIBRATION = "calibration.kll";
  private static final String LATENTS = "latents.f64";
  private static final int ID_LENGTH = 12;

  /** Bytes: room for a million levels, and no more for a stranger's file to fill memory with. */
  private static final long LARGEST_DOCUMENT = 32L << 20;

  private static final long LARGEST_FILE = Integer.MAX_VALUE - 8;

  private ModelFolder() {}

  /** Writes a calibrated model into a folder that exists. */
  public static void write(TrainedVae model, FileSystem files, Path folder) throws IOException {
    byte[] weights = bytes(model.parameters());
    byte[] calibration = model.requireCalibration().sketch();
    Optional<byte[]> latents = model.requireCalibration().latents().map(LatentDistribution::bytes);
    Configuration configuration = model.configuration();
    var entries = new TreeMap<>(Map.of(WEIGHTS, entry(weights), CALIBRATION, entry(calibration)));
    latents.ifPresent(bytes -> entries.put(LATENTS, entry(bytes)));
    var document =
        new ModelDocument(
            ModelDocument.FORMAT,
            model.provenance(),
            configuration.model(),
            configuration.train(),
            configuration.score(),
            model.features().columns(),
            model.features().condition(),
            model.requireCalibration().chosen().orElse(null),
            model.requireCalibration().columns().orElse(null),
            entries);
    write(files, new Path(folder, WEIGHTS), weights);
    write(files, new Path(folder, CALIBRATION), calibration);
    if (latents.isPresent()) {
      write(files, new Path(folder, LATENTS), latents.get());
    }
    write(files, new Path(folder, DOCUMENT), Json.MAPPER.writeValueAsBytes(document));
  }

  /**
   * Loads a model.
   *
   * @throws InvalidInputException when the folder is missing, incomplete, damaged or of a newer
   *     format
   */
  public static TrainedVae read(String folder, org.apache.hadoop.conf.Configuration hadoop) {
    try {
      var path = new Path(folder);
      FileSystem files = FileSystems.of(path, hadoop);
      if (!files.exists(new Path(path, DOCUMENT))) {
        throw new InvalidInputException(
            folder + ": no model here (no " + DOCUMENT + "); train one with 'train --model'");
      }
      return read(files, path, folder);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException("%s: can't be read: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /** Reads a folder that has a document; what is wrong inside is named under the folder's name. */
  private static TrainedVae read(FileSystem files, Path path, String folder) throws IOException {
    try {
      return assemble(files, path);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "%s/%s: damaged: %s".formatted(folder, DOCUMENT, firstLine(e.getOriginalMessage())), e);
    } catch (InvalidInputException e) {
      throw new InvalidInputException(folder + ": " + e.getMessage(), e);
    }
  }

  private static TrainedVae assemble(FileSystem files, Path folder) throws IOException {
    byte[] json = read(files, new Path(folder, DOCUMENT), LARGEST_DOCUMENT);
    ModelDocument document = document(Json.MAPPER.readTree(json));
    float[] weights = floats(verified(files, folder, WEIGHTS, document));
    byte[] sketch = verified(files, folder, CALIBRATION, document);
    var model =
        TrainedVae.uncalibrated(
            new Configuration(document.model(), document.train(), document.score()),
            new FeaturePlan(document.features(), document.condition()),
            weights,
            document.provenance());
    requireWeights(model);
    Calibration calibration =
        Calibration.read(sketch, document.score().contamination())
            .withThreshold(document.threshold())
            .withColumns(document.columns());
    if (!document.files().containsKey(LATENTS)) {
      return model.withCalibration(calibration);
    }
    byte[] latents = verified(files, folder, LATENTS, document);
    return model.withCalibration(
        calibration.withLatents(LatentDistribution.read(latents, document.model().latent())));
  }

  private static ModelDocument document(JsonNode json) throws JsonProcessingException {
    int format = json.path("format").asInt(ModelDocument.FORMAT);
    if (format < ModelDocument.OLDEST_FORMAT || format > ModelDocument.FORMAT) {
      throw new InvalidInputException(
          "%s: format %d, but this version of LatentLake reads formats %d to %d; use a newer one"
              .formatted(DOCUMENT, format, ModelDocument.OLDEST_FORMAT, ModelDocument.FORMAT));
    }
    try {
      JsonNode complete = format < ModelDocument.FORMAT ? EarlierSettings.fillIn(json) : json;
      return Json.MAPPER.treeToValue(complete, ModelDocument.class);
    } catch (ValueInstantiationException e) {
      if (e.getCause() instanceof InvalidInputException invalid) {
        throw new InvalidInputException(DOCUMENT + ": " + invalid.getMessage(), e);
      }
      throw e;
    }
  }

  private static void requireWeights(TrainedVae model) {
    long expected =
        Variants.parameterCount(model.configuration().model(), model.features().shape());
    if (expected != model.parameterCount()) {
      throw new InvalidInputException(
          "%s: %d weights, but the network in %s has %d; the files don't belong together"
              .formatted(WEIGHTS, model.parameterCount(), DOCUMENT, expected));
    }
  }

  private static byte[] verified(FileSystem files, Path folder, String name, ModelDocument document)
      throws IOException {
    FileEntry expected = document.files().get(name);
    var path = new Path(folder, name);
    if (expected == null || !files.exists(path)) {
      throw new InvalidInputException(name + ": missing; the model is incomplete");
    }
    long found = files.getFileStatus(path).getLen();
    if (found != expected.bytes()) {
      throw new InvalidInputException(
          "%s: %d bytes, but %s says %d; the file is cut short or damaged"
              .formatted(name, found, DOCUMENT, expected.bytes()));
    }
    byte[] content = read(files, path, LARGEST_FILE);
    if (!entry(content).equals(expected)) {
      throw new InvalidInputException(
          name + ": its checksum differs from " + DOCUMENT + "; the file is damaged");
    }
    return content;
  }

  private static byte[] read(FileSystem files, Path path, long largest) throws IOException {
    FileStatus status = files.getFileStatus(path);
    if (status.getLen() > largest) {
      throw new InvalidInputException(
          "%s: %,d bytes: at most %,d make sense; the file is damaged"
              .formatted(path.getName(), status.getLen(), largest));
    }
    var content = new byte[(int) status.getLen()];
    try (var in = files.open(path)) {
      in.readFully(content);
    }
    return content;
  }

  private static void write(FileSystem files, Path path, byte[] content) throws IOException {
    try (var out = files.create(path, false)) {
      out.write(content);
    }
  }

  private static FileEntry entry(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return new FileEntry(content.length, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The SHA-256 of a model's weights, in hexadecimal, as its document has it. */
  public static String checksum(TrainedVae model) {
    return entry(bytes(model.parameters())).sha256();
  }

  /** What scored rows name their model by: the beginning of its weights' checksum. */
  public static String id(TrainedVae model) {
    return checksum(model).substring(0, ID_LENGTH);
  }

  /**
   * The SHA-256, in hexadecimal, of all that a model's scores depend on: weights, calibration,
   * score and the columns that are read.
   */
  public static String fingerprint(TrainedVae model) {
    ScoreSpec score = model.configuration().score();
    String settings =
        String.join(
            "\n",
            checksum(model),
            entry(model.requireCalibration().sketch()).sha256(),
            Float.toString(model.requireCalibration().threshold()),
            score.kind().name(),
            Integer.toString(score.samples()),
            score.precision().name(),
            model.features().inputs().toString());
    return entry(settings.getBytes(StandardCharsets.UTF_8)).sha256();
  }

  private static byte[] bytes(float[] values) {
    var buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private static float[] floats(byte[] content) {
    var values = new float[content.length / Float.BYTES];
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }
}
