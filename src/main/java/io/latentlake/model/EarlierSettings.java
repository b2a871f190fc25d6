package io.latentlake.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.latentlake.spec.Json;

/** The settings that models were trained with before there was a choice ({@code earlier.conf}). */
final class EarlierSettings {
  private static final String RESOURCE = "io/latentlake/spec/earlier.conf";

  private EarlierSettings() {}

  /** The document with the settings that it lacks; those that it has stay. */
  static JsonNode fillIn(JsonNode document) throws JsonProcessingException {
    String settings =
        ConfigFactory.parseResources(EarlierSettings.class.getClassLoader(), RESOURCE)
            .root()
            .render(ConfigRenderOptions.concise());
    JsonNode complete = document.deepCopy();
    fillIn(complete, Json.MAPPER.readTree(settings));
    return complete;
  }

  private static void fillIn(JsonNode target, JsonNode source) {
    if (target instanceof ObjectNode object) {
      source
          .fields()
          .forEachRemaining(
              setting -> {
                if (object.has(setting.getKey())) {
                  fillIn(object.get(setting.getKey()), setting.getValue());
                } else {
                  object.set(setting.getKey(), setting.getValue());
                }
              });
    }
  }
}
