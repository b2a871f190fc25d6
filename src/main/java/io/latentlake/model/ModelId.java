package io.latentlake.model;

import io.latentlake.data.FeaturePlan;
import io.latentlake.spec.Json;
import io.latentlake.spec.ScoreSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What scored rows name their model by: the beginning of a SHA-256 of all that their raw scores,
 * latents and reasons depend on, which is the network, the features' plan, the weights and the kind
 * of score. Thresholds are not in it: they are chosen anew without scoring again. Nor are the names
 * of columns, which may be others in every table.
 *
 * <p>A model keeps the id that it was first written with: the same of a later version would hash
 * settings that aren't there yet.
 */
final class ModelId {
  private static final int LENGTH = 12;

  /** What an id looks like. */
  static final Pattern FORM = Pattern.compile("[0-9a-f]{%d}".formatted(LENGTH));

  private ModelId() {}

  /** The id of a model that has none yet. */
  static String of(TrainedVae model) {
    ScoreSpec score = model.configuration().score();
    var content = new ByteArrayOutputStream();
    try {
      content.write(Json.MAPPER.writeValueAsBytes(model.configuration().model()));
      content.write(Json.MAPPER.writeValueAsBytes(unnamed(model.features())));
      content.write(SealedFolder.bytes(model.parameters()));
      content.write(
          Json.MAPPER.writeValueAsBytes(
              Map.of(score.kind(), score.kind().isSampled() ? score.samples() : 0)));
      content.write(latents(model));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return beginning(FileEntry.of(content.toByteArray()));
  }

  /** The id that versions gave which hashed the weights alone. */
  static String ofWeights(FileEntry weights) {
    return beginning(weights);
  }

  /** What the latents' distances are measured by; nothing where they are no score. */
  static byte[] latents(TrainedVae model) {
    boolean measured = model.configuration().score().kind() == ScoreSpec.Kind.LATENT_DISTANCE;
    return measured
        ? model
            .calibration()
            .flatMap(Calibration::latents)
            .map(LatentDistribution::bytes)
            .orElse(new byte[0])
        : new byte[0];
  }

  private static FeaturePlan unnamed(FeaturePlan plan) {
    return plan.renamed(
        IntStream.range(0, plan.columns().size()).mapToObj(Integer::toString).toList());
  }

  private static String beginning(FileEntry hashed) {
    return hashed.sha256().substring(0, LENGTH);
  }
}
