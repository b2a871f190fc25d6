package io.latentlake.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Everything a run is configured by.
 *
 * @param model the network
 * @param train its training
 * @param score its calibration and scoring
 */
public record Configuration(VaeSpec model, TrainSpec train, ScoreSpec score)
    implements Serializable {
  private static final String DEFAULTS = "io/latentlake/spec/defaults.conf";

  /** Given in bytes, or with a unit such as MiB. */
  private static final String SIZE = "train.shard-memory";

  public Configuration {
    Require.present("model", model);
    Require.present("train", train);
    Require.present("score", score);
    LikelihoodSpec.Family family = model.likelihood().family();
    if (train.dynamicBinarization() && (family.minimum() != 0 || family.maximum() != 1)) {
      throw new InvalidInputException(
          "train.dynamic-binarization = true: values must be probabilities, which model.likelihood.family = %s doesn't ask for; use bernoulli"
              .formatted(Json.MAPPER.convertValue(family, String.class)));
    }
  }

  /** The defaults alone. */
  public static Configuration defaults() {
    return parse("", "the defaults", Map.of());
  }

  /**
   * What a setting means, as the file of the defaults says it.
   *
   * @param path such as {@code train.epochs}
   */
  public static String documentation(String path) {
    return ConfigFactory.parseResources(Configuration.class.getClassLoader(), DEFAULTS)
        .getValue(path)
        .origin()
        .comments()
        .stream()
        .map(String::strip)
        .collect(Collectors.joining(" "));
  }

  /**
   * Reads HOCON over the defaults.
   *
   * @param hocon the text; may be empty, and include nothing: it may be a stranger's
   * @param origin what to call the text in an error
   * @param overrides settings by path, such as {@code train.epochs}, that win over the text
   * @throws InvalidInputException on a syntax error, an unknown key or a value out of its range
   */
  public static Configuration parse(String hocon, String origin, Map<String, ?> overrides) {
    return parse(() -> Hocon.parse(hocon), origin, overrides);
  }

  /**
   * The same of a user's own file, which may include others.
   *
   * @param origin usually its path
   */
  public static Configuration parseFile(String hocon, String origin, Map<String, ?> overrides) {
    return parse(() -> ConfigFactory.parseString(hocon), origin, overrides);
  }

  private static Configuration parse(
      Supplier<Config> text, String origin, Map<String, ?> overrides) {
    Config defaults = ConfigFactory.parseResources(Configuration.class.getClassLoader(), DEFAULTS);
    try {
      Config file = text.get();
      refuseUnknownKeys(file, defaults, origin);
      Config merged =
          ConfigFactory.parseMap(overrides)
              .withFallback(file)
              .withFallback(defaults)
              .resolve(ConfigResolveOptions.noSystem());
      return read(inBytes(merged, origin), origin);
    } catch (ConfigException e) {
      throw new InvalidInputException(origin + ": not valid HOCON: " + e.getMessage(), e);
    }
  }

  /** All settings, in a form that {@link #parse} reads: JSON, which is HOCON. */
  public String toText() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every setting is plain", e);
    }
  }

  private static Config inBytes(Config config, String origin) {
    try {
      return config.withValue(SIZE, ConfigValueFactory.fromAnyRef(config.getBytes(SIZE)));
    } catch (ConfigException e) {
      throw new InvalidInputException(
          "%s: %s = %s: must be a number of bytes or a size such as \"256 MiB\", and at least 0"
              .formatted(origin, SIZE, config.getValue(SIZE).unwrapped()),
          e);
    }
  }

  private static void refuseUnknownKeys(Config file, Config defaults, String origin) {
    TreeSet<String> allowed = keys(defaults);
    for (String key : keys(file)) {
      if (!allowed.contains(key)) {
        throw new InvalidInputException(
            "%s: unknown key '%s'; the keys are %s"
                .formatted(origin, key, String.join(", ", allowed)));
      }
    }
  }

  private static TreeSet<String> keys(Config config) {
    return config.entrySet().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Configuration read(Config merged, String origin) {
    String json = merged.root().render(ConfigRenderOptions.concise());
    try {
      return Json.MAPPER.readValue(json, Configuration.class);
    } catch (ValueInstantiationException e) {
      if (e.getCause() instanceof InvalidInputException invalid) {
        throw new InvalidInputException(origin + ": " + invalid.getMessage(), e);
      }
      throw new InvalidInputException(origin + ": " + e.getOriginalMessage(), e);
    } catch (InvalidFormatException e) {
      throw new InvalidInputException(
          "%s: %s = %s: %s".formatted(origin, path(e), e.getValue(), rule(e)), e);
    } catch (JsonMappingException e) {
      throw new InvalidInputException(
          "%s: %s: %s".formatted(origin, path(e), e.getOriginalMessage()), e);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(origin + ": " + e.getOriginalMessage(), e);
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String rule(InvalidFormatException e) {
    Class<?> type = e.getTargetType();
    if (!type.isEnum()) {
      return "must be a " + type.getSimpleName();
    }
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> Json.MAPPER.convertValue(constant, String.class))
        .collect(Collectors.joining(", ", "must be one of ", ""));
  }
}
