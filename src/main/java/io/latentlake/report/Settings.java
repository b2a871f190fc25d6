package io.latentlake.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** A configuration as names and values, as a file would have them. */
final class Settings {
  private Settings() {}

  static Map<String, String> of(Configuration configuration) {
    var settings = new LinkedHashMap<String, String>();
    add(Json.MAPPER.valueToTree(configuration), "", settings);
    return settings;
  }

  private static void add(JsonNode node, String name, Map<String, String> settings) {
    if (node.isObject()) {
      String prefix = name.isEmpty() ? "" : name + ".";
      node.fields()
          .forEachRemaining(field -> add(field.getValue(), prefix + field.getKey(), settings));
    } else if (!node.isNull()) {
      settings.put(name, node.isTextual() ? node.asText() : node.toString());
    }
  }
}
