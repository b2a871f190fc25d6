package io.latentlake.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.Json;
import io.latentlake.spec.TrainSpec;
import io.latentlake.spec.VaeSpec;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a training was asked for; only the same request goes on from a checkpoint.
 *
 * @param model the network, its likelihood perhaps {@code auto}
 * @param train its training, not yet scaled or placed
 * @param options what else decides what is learned, by name: columns and tables
 */
public record TrainingRequest(VaeSpec model, TrainSpec train, Map<String, List<String>> options) {
  public TrainingRequest {
    options = new TreeMap<>(options);
  }

  /** A configuration's; how scores are made of the model doesn't matter here. */
  public static TrainingRequest of(Configuration configuration, Map<String, List<String>> options) {
    return new TrainingRequest(configuration.model(), configuration.train(), options);
  }

  /** The first thing in which another request differs, such as {@code train.epochs: 5, now 6}. */
  Optional<String> differenceTo(TrainingRequest now) {
    Map<String, String> before = settings(this);
    Map<String, String> after = settings(now);
    var names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    return names.stream()
        .filter(name -> !before.getOrDefault(name, "").equals(after.getOrDefault(name, "")))
        .map(
            name ->
                "%s: %s, now %s"
                    .formatted(
                        name,
                        before.getOrDefault(name, "not set"),
                        after.getOrDefault(name, "not set")))
        .findFirst();
  }

  /** Every setting by its path, as configurations call it. */
  private static Map<String, String> settings(TrainingRequest request) {
    var settings = new TreeMap<String, String>();
    collect("", Json.MAPPER.valueToTree(request), settings);
    return settings;
  }

  private static void collect(String path, JsonNode node, Map<String, String> settings) {
    if (!node.isObject()) {
      settings.put(path, node.isArray() ? node.toString() : node.asText());
      return;
    }
    for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      String inner = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      collect(inner, field.getValue(), settings);
    }
  }
}
