package io.latentlake.spec;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategy;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * The one JSON mapper: strict about unknown, missing and doubled keys, and without polymorphic
 * types, so a document can be wrong but can't choose a class.
 */
public final class Json {
  /** Keys in kebab-case, as in {@code conf/*.conf} and {@code model.json}. */
  public static final JsonMapper MAPPER = builder(PropertyNamingStrategies.KEBAB_CASE);

  /** Keys in snake_case, as in tables' columns: histories and metrics. */
  public static final JsonMapper METRICS = builder(PropertyNamingStrategies.SNAKE_CASE);

  private Json() {}

  private static JsonMapper builder(PropertyNamingStrategy strategy) {
    return JsonMapper.builder()
        .propertyNamingStrategy(strategy)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        // In lists and maps; where a single null may stand, its record says.
        .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(SerializationFeature.INDENT_OUTPUT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .build();
  }
}
