package io.latentlake.ml;

import io.latentlake.data.FeatureRequest;
import io.latentlake.score.HandleInvalid;
import io.latentlake.score.ScoreColumns;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.Json;
import io.latentlake.spec.TrainSpec;
import io.latentlake.spec.VaeSpec;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import scala.Function1;
import scala.Option;

/**
 * The params of one estimator or model. Those that are settings take their meaning, their default
 * and their rule from {@link Configuration}, by the setting's path.
 */
final class DeclaredParams implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String VARIANT = "model.variant";
  private static final String LIKELIHOOD = "model.likelihood.family";
  private static final String SCORE_KIND = "score.kind";
  private static final String SEED = "train.seed";

  /** How many reasons a row gets whose columns are planned. */
  private static final int SOME_REASONS = 3;

  /** A value's check, which throws instead of answering no: it knows the rule and the remedy. */
  private interface Rule<T> extends Function1<T, Object>, Serializable {}

  private final Params owner;

  /** The params that are settings, by the setting's path. */
  private final Map<String, Param<?>> settings = new LinkedHashMap<>();

  /** What the scores' columns are called, by {@link ScoreColumns}. */
  private final Map<String, Param<String>> outputs = new LinkedHashMap<>();

  final Param<String> featuresCol;
  final StringArrayParam featuresCols;
  final StringArrayParam inputCols;
  final Param<String> featurePlan;
  final StringArrayParam conditionCols;
  final Param<String> handleInvalid;
  final Param<String> config;
  final Param<String> variant;
  final IntArrayParam encoder;
  final IntArrayParam decoder;
  final IntParam latent;
  final Param<String> likelihood;
  final DoubleParam beta;
  final IntParam epochs;
  final IntParam batchSize;
  final DoubleParam learningRate;
  final IntParam workers;
  final DoubleParam contamination;
  final Param<String> scoreKind;
  final LongParam seed;
  final Param<String> reconstructionErrorCol;
  final Param<String> squaredErrorCol;
  final Param<String> klCol;
  final Param<String> elboCol;
  final Param<String> rawScoreCol;
  final Param<String> anomalyScoreCol;
  final Param<String> isAnomalyCol;
  final Param<String> latentCol;
  final IntParam reasons;
  final Param<String> reasonsCol;
  final Param<String> modelIdCol;
  final Param<String> scoredAtCol;

  /**
   * Declares them.
   *
   * @param owner has its uid already, which every param keeps
   */
  DeclaredParams(Params owner) {
    this.owner = owner;
    Configuration defaults = Configuration.defaults();
    VaeSpec spec = defaults.model();
    TrainSpec train = defaults.train();
    featuresCol =
        new Param<>(
            owner,
            "featuresCol",
            "column of the features: binary, ML vector, array of float or double, or a number");
    owner.setDefault(featuresCol, "features");
    featuresCols =
        new StringArrayParam(owner, "featuresCols", "several such columns, instead of featuresCol");
    inputCols =
        new StringArrayParam(
            owner,
            "inputCols",
            "a table's own columns, of any kind and with missing values, instead of featuresCol:"
                + " how they become features is learned of the table");
    featurePlan =
        new Param<>(
            owner,
            "featurePlan",
            "what inputCols become: auto, or the kinds of some in HOCON, such as"
                + " { amount = log, country = category }",
            (Rule<String>) value -> FeatureRequest.kinds(value) != null);
    owner.setDefault(featurePlan, "auto");
    conditionCols =
        new StringArrayParam(
            owner,
            "conditionCols",
            "for conditional-vae, columns that the rows are given; text, whole numbers and booleans are classes");
    owner.setDefault(conditionCols, new String[0]);
    handleInvalid =
        new Param<>(
            owner,
            "handleInvalid",
            "what becomes of rows that can't be used: error, skip (leave them out) or keep (scores are null;"
                + " fit leaves them out)",
            (Rule<String>) value -> HandleInvalid.named(value) != null);
    owner.setDefault(handleInvalid, HandleInvalid.ERROR.label());
    config =
        new Param<>(
            owner,
            "config",
            "settings in HOCON, all those of defaults.conf; params that are set win over it",
            (Rule<String>) value -> Configuration.parse(value, "config", Map.of()) != null);
    owner.setDefault(config, "");

    variant = setting(new Param<>(owner, "variant", doc(VARIANT)), VARIANT, spec.variant());
    encoder = sizes("encoder", "model.encoder", spec.encoder());
    latent = whole("latent", "model.latent", spec.latent());
    decoder = sizes("decoder", "model.decoder", spec.decoder());
    // No rule of its own: whether a mixed one is right depends on its groups, in the configuration.
    likelihood =
        setting(
            new Param<>(owner, "likelihood", doc(LIKELIHOOD)),
            LIKELIHOOD,
            Json.MAPPER.convertValue(spec.likelihood().family(), String.class));
    beta = number("beta", "model.penalty.weight", spec.penalty().weight());
    epochs = whole("epochs", "train.epochs", train.epochs());
    batchSize = whole("batchSize", "train.batch-size", train.batchSize());
    learningRate =
        number("learningRate", "train.updater.learning-rate", train.updater().learningRate());
    workers = whole("workers", "train.workers", train.workers());
    seed = setting(new LongParam(owner, "seed", doc(SEED), rule(SEED)), SEED, train.seed());
    contamination =
        number("contamination", "score.contamination", defaults.score().contamination());

    scoreKind =
        setting(
            new Param<>(owner, "scoreKind", doc(SCORE_KIND), rule(SCORE_KIND)),
            SCORE_KIND,
            Json.MAPPER.convertValue(defaults.score().kind(), String.class));

    reconstructionErrorCol = output("reconstructionErrorCol", ScoreColumns.RECONSTRUCTION_ERROR);
    squaredErrorCol = output("squaredErrorCol", ScoreColumns.SQUARED_ERROR);
    klCol = output("klCol", ScoreColumns.KL);
    elboCol = output("elboCol", ScoreColumns.ELBO);
    rawScoreCol = output("rawScoreCol", ScoreColumns.RAW_SCORE);
    anomalyScoreCol = output("anomalyScoreCol", ScoreColumns.ANOMALY_SCORE);
    isAnomalyCol = output("isAnomalyCol", ScoreColumns.IS_ANOMALY);
    latentCol = output("latentCol", ScoreColumns.LATENT);
    reasons =
        new IntParam(
            owner,
            "reasons",
            "how many reasons a row gets: the columns that its deviance comes from, with the values"
                + " seen and expected; at least 0 (unless set: %d with inputCols, else 0)"
                    .formatted(SOME_REASONS),
            (Rule<Object>) value -> requireReasons((int) value));
    reasonsCol = output("reasonsCol", ScoreColumns.REASONS);
    modelIdCol = output("modelIdCol", ScoreColumns.MODEL_ID);
    scoredAtCol =
        output(
            "scoredAtCol",
            ScoreColumns.SCORED_AT,
            "column of the time at which Spark begins to run what is made of the table; empty:"
                + " there is none");
    owner.setDefault(scoredAtCol, "");
  }

  private <T, P extends Param<T>> P setting(P param, String path, T standard) {
    owner.setDefault(param, standard);
    settings.put(path, param);
    return param;
  }

  private IntParam whole(String name, String path, int standard) {
    return setting(new IntParam(owner, name, doc(path), rule(path)), path, standard);
  }

  private DoubleParam number(String name, String path, double standard) {
    return setting(new DoubleParam(owner, name, doc(path), rule(path)), path, standard);
  }

  private IntArrayParam sizes(String name, String path, List<Integer> standard) {
    int[] sizes = standard.stream().mapToInt(size -> size).toArray();
    return setting(new IntArrayParam(owner, name, doc(path), rule(path)), path, sizes);
  }

  private Param<String> output(String name, String score) {
    Param<String> param = output(name, score, score + "'s column; empty: there is none");
    owner.setDefault(param, score);
    return param;
  }

  private Param<String> output(String name, String score, String doc) {
    var param = new Param<String>(owner, name, doc);
    outputs.put(score, param);
    return param;
  }

  private static boolean requireReasons(int most) {
    if (most < 0) {
      throw new InvalidInputException("reasons = %d: must be at least 0".formatted(most));
    }
    return true;
  }

  private static String doc(String path) {
    return "%s (%s in config)".formatted(Configuration.documentation(path), path);
  }

  private static <T> Rule<T> rule(String path) {
    return value ->
        isFinite(path, value)
            && Configuration.parse("", "param", Map.of(path, plain(value))) != null;
  }

  /** HOCON has no other numbers. */
  private static boolean isFinite(String path, Object value) {
    if (value instanceof Double number && !Double.isFinite(number)) {
      throw new InvalidInputException("%s = %s: must be a finite number".formatted(path, number));
    }
    return true;
  }

  /** A param's value as the configuration takes it. */
  private static Object plain(Object value) {
    return value instanceof int[] sizes ? Arrays.stream(sizes).boxed().toList() : value;
  }

  /**
   * A param's explanation with the elements of arrays.
   *
   * @param told Spark's, which names an array by its type and address
   */
  String explained(Param<?> param, String told) {
    String explained = told;
    for (Option<?> value : List.of(owner.getDefault(param), owner.get(param))) {
      if (value.isDefined() && value.get().getClass().isArray()) {
        explained = explained.replace(value.get().toString(), elements(value.get()));
      }
    }
    return explained;
  }

  private static String elements(Object array) {
    return array instanceof int[] sizes
        ? Arrays.toString(sizes)
        : Arrays.toString((Object[]) array);
  }

  /**
   * The configuration: the params that are set, over {@code config}, over the defaults.
   *
   * @throws InvalidInputException when a setting is out of its range
   */
  Configuration configuration() {
    var overrides = new HashMap<String, Object>();
    settings.forEach(
        (path, param) -> {
          if (owner.isSet(param)) {
            overrides.put(path, plain(owner.getOrDefault(param)));
          }
        });
    return Configuration.parse(owner.getOrDefault(config), owner.uid(), overrides);
  }

  /**
   * The columns that make the features, and what they become.
   *
   * @throws InvalidInputException when more than one param names columns, or a plan has none
   */
  FeatureRequest features() {
    List<String> set =
        Stream.of(featuresCol, featuresCols, inputCols)
            .filter(owner::isSet)
            .map(Param::name)
            .toList();
    if (set.size() > 1) {
      throw new InvalidInputException(
          "%s: %s are set; exactly one of them names the columns, so clear the others"
              .formatted(owner.uid(), String.join(" and ", set)));
    }
    if (isPlanned()) {
      return FeatureRequest.planned(
          List.of(owner.getOrDefault(inputCols)), owner.getOrDefault(featurePlan));
    }
    if (owner.isSet(featurePlan)) {
      throw new InvalidInputException(
          "%s: featurePlan = %s: is of inputCols, which aren't set; name the columns there"
              .formatted(owner.uid(), owner.getOrDefault(featurePlan)));
    }
    return FeatureRequest.raw(
        owner.isSet(featuresCols)
            ? List.of(owner.getOrDefault(featuresCols))
            : List.of(owner.getOrDefault(featuresCol)));
  }

  /** Whether the features are learned of a table's own columns. */
  boolean isPlanned() {
    return owner.isSet(inputCols);
  }

  /** The columns of the condition. */
  List<String> condition() {
    return List.of(owner.getOrDefault(conditionCols));
  }

  /** What transforming adds to a table. */
  AddedColumns added() {
    var names = new LinkedHashMap<String, String>();
    outputs.forEach(
        (score, param) -> {
          String name = owner.getOrDefault(param);
          if (!name.isEmpty()) {
            names.put(score, name);
          }
        });
    int most = names.containsKey(ScoreColumns.REASONS) ? wantedReasons() : 0;
    if (most == 0) {
      names.remove(ScoreColumns.REASONS);
    }
    return new AddedColumns(
        owner.uid(), names, most, HandleInvalid.named(owner.getOrDefault(handleInvalid)));
  }

  private int wantedReasons() {
    if (owner.isSet(reasons)) {
      return (int) owner.getOrDefault(reasons);
    }
    return isPlanned() ? SOME_REASONS : 0;
  }
}
