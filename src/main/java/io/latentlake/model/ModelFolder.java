package io.latentlake.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.FileSystems;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.variant.Variants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A model's folder: {@code model.json}, {@code weights.f32} (little-endian float32 in DL4J's
 * flattened order), {@code calibration.kll}, {@code latents.f64}, and {@code model.json.sha256},
 * the document's checksum; older folders lack the latter two.
 */
public final class ModelFolder {
  private static final String DOCUMENT = "model.json";
  private static final String WEIGHTS = "weights.f32";
  private static final String CALIBRATION = "calibration.kll";
  private static final String LATENTS = "latents.f64";

  private ModelFolder() {}

  /** Writes a calibrated model into a folder that exists. */
  public static void write(TrainedVae model, FileSystem files, Path folder) throws IOException {
    var sealed = new SealedFolder(files, folder, DOCUMENT);
    Calibration calibration = model.requireCalibration();
    Configuration configuration = model.configuration();
    var entries = new TreeMap<String, FileEntry>();
    entries.put(WEIGHTS, sealed.write(WEIGHTS, model.parameters()));
    entries.put(CALIBRATION, sealed.write(CALIBRATION, calibration.sketch()));
    Optional<LatentDistribution> latents = calibration.latents();
    if (latents.isPresent()) {
      entries.put(LATENTS, sealed.write(LATENTS, latents.get().bytes()));
    }
    var document =
        new ModelDocument(
            ModelDocument.FORMAT,
            id(model),
            model.provenance(),
            configuration.model(),
            configuration.train(),
            configuration.score(),
            model.features().columns(),
            model.features().condition(),
            calibration.chosen().orElse(null),
            calibration.segments().orElse(null),
            calibration.columns().orElse(null),
            entries);
    sealed.seal(Json.MAPPER.writeValueAsBytes(document));
  }

  /** Whether there is a model, intact or not. */
  public static boolean isThere(String folder, org.apache.hadoop.conf.Configuration hadoop)
      throws IOException {
    var path = new Path(folder);
    return new SealedFolder(FileSystems.of(path, hadoop), path, DOCUMENT).hasDocument();
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
      var sealed = new SealedFolder(files, path, DOCUMENT);
      if (!sealed.hasDocument()) {
        throw new InvalidInputException(
            folder + ": no model here (no " + DOCUMENT + "); train one with 'train --model'");
      }
      return read(sealed, folder);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException("%s: can't be read: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /** Reads a folder that has a document; what is wrong inside is named under the folder's name. */
  private static TrainedVae read(SealedFolder sealed, String folder) throws IOException {
    try {
      return assemble(sealed);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "%s/%s: damaged: %s".formatted(folder, DOCUMENT, firstLine(e.getOriginalMessage())), e);
    } catch (InvalidInputException e) {
      throw new InvalidInputException(folder + ": " + e.getMessage(), e);
    }
  }

  private static TrainedVae assemble(SealedFolder sealed) throws IOException {
    byte[] json = sealed.document();
    ModelDocument document = document(Json.MAPPER.readTree(json));
    if (sealed.isSealed()) {
      sealed.verifySeal(json);
    }
    float[] weights = sealed.numbers(WEIGHTS, document.files().get(WEIGHTS));
    byte[] sketch = verified(sealed, CALIBRATION, document);
    var model =
        TrainedVae.uncalibrated(
                new Configuration(document.model(), document.train(), document.score()),
                new FeaturePlan(document.features(), document.condition()),
                weights,
                document.provenance())
            .withId(
                Optional.ofNullable(document.id())
                    .orElseGet(() -> ModelId.ofWeights(document.files().get(WEIGHTS))));
    long expected =
        Variants.parameterCount(model.configuration().model(), model.features().shape());
    sealed.requireWeights(WEIGHTS, model.parameterCount(), expected);
    Calibration calibration =
        Calibration.read(sketch, document.score().contamination())
            .withThreshold(document.threshold())
            .withSegments(document.segments())
            .withColumns(document.columns());
    if (!document.files().containsKey(LATENTS)) {
      return model.withCalibration(calibration);
    }
    byte[] latents = verified(sealed, LATENTS, document);
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

  private static byte[] verified(SealedFolder sealed, String name, ModelDocument document)
      throws IOException {
    return sealed.verified(name, document.files().get(name));
  }

  /** The SHA-256 of a model's weights, in hexadecimal, as its document has it. */
  public static String checksum(TrainedVae model) {
    return FileEntry.of(SealedFolder.bytes(model.parameters())).sha256();
  }

  /**
   * What scored rows name their model by: twelve hexadecimal digits, the same for models that give
   * rows the same raw scores, latents and reasons, whatever their thresholds.
   */
  public static String id(TrainedVae model) {
    return model.id().orElseGet(() -> ModelId.of(model));
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
            FileEntry.of(model.requireCalibration().sketch()).sha256(),
            Float.toString(model.requireCalibration().threshold()),
            score.kind().name(),
            Integer.toString(score.samples()),
            score.precision().name(),
            model.features().inputs().toString()
                // Without segments, the same as before there were any.
                + model.requireCalibration().segments().map(s -> "\n" + s).orElse(""));
    return FileEntry.of(settings.getBytes(StandardCharsets.UTF_8)).sha256();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }
}
