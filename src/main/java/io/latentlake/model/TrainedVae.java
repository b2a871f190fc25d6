package io.latentlake.model;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.RecordedTypes;
import io.latentlake.data.RowEncoder;
import io.latentlake.nn.VaeEngine;
import io.latentlake.nn.VaeNetwork;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.ScoreSpec;
import io.latentlake.variant.Variants;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A model that can encode, decode and score: immutable, and light enough to be broadcast. It is
 * made of records, which Kryo can't write: a Spark that is set to Kryo leaves it to Java.
 */
@DefaultSerializer(JavaSerializer.class)
public final class TrainedVae implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Configuration configuration;
  private final FeaturePlan features;
  private final float[] parameters;
  private final Calibration calibration;
  private final Provenance provenance;

  /** Null where it isn't known yet. */
  private final String id;

  private TrainedVae(
      Configuration configuration,
      FeaturePlan features,
      float[] parameters,
      Calibration calibration,
      Provenance provenance,
      String id) {
    this.configuration = configuration;
    this.features = features;
    this.parameters = parameters;
    this.calibration = calibration;
    this.provenance = provenance;
    this.id = id;
  }

  /**
   * A model whose training rows have not been scored yet.
   *
   * @param configuration as resolved when it was trained
   * @param parameters weights in DL4J's flattened order; not copied
   */
  public static TrainedVae uncalibrated(
      Configuration configuration,
      FeaturePlan features,
      float[] parameters,
      Provenance provenance) {
    return new TrainedVae(configuration, features, parameters, null, provenance, null);
  }

  /** A model with weights of 0, to see what such a model can do. */
  public static TrainedVae untrained(Configuration configuration, FeaturePlan features) {
    long weights = Variants.parameterCount(configuration.model(), features.shape());
    var provenance = new Provenance("", "", 0, 0, Provenance.runningVersion(), "");
    return uncalibrated(configuration, features, new float[Math.toIntExact(weights)], provenance);
  }

  /** The same model with its calibration. */
  public TrainedVae withCalibration(Calibration calibrated) {
    var model = new TrainedVae(configuration, features, parameters, calibrated, provenance, id);
    boolean alike = Arrays.equals(ModelId.latents(this), ModelId.latents(model));
    return calibration == null || alike ? model : model.withId(null);
  }

  /** The same model with the id that it was written with. */
  TrainedVae withId(String known) {
    return new TrainedVae(configuration, features, parameters, calibration, provenance, known);
  }

  /** What it was written with; see {@link ModelFolder#id}. */
  Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /**
   * The same model for a table that calls the features otherwise.
   *
   * @param columns one name for each of the plan's columns, in its order
   * @throws InvalidInputException when their number differs
   */
  public TrainedVae readingColumns(List<String> columns) {
    return new TrainedVae(
        configuration,
        features.renamed(columns),
        parameters,
        calibration,
        provenance.renamed(features.names(), columns),
        id);
  }

  /** The same model, scoring in another precision. */
  public TrainedVae scoringIn(ScoreSpec.Precision precision) {
    return scoringBy(configuration.score().withPrecision(precision));
  }

  /**
   * The same model, scoring in batches of a row where that changes no score: a last bit may turn a
   * row's rank among the training rows.
   */
  public TrainedVae scoringRowByRow() {
    ScoreSpec score = configuration.score();
    boolean alike =
        !score.kind().isSampled()
            && Variants.scoresAlikeInAnyBatch(configuration.model(), features.shape());
    return alike ? scoringBy(score.rowByRow()) : this;
  }

  /** The same model with other settings of scoring; its calibration stays what it is. */
  public TrainedVae scoringBy(ScoreSpec score) {
    var changed = new Configuration(configuration.model(), configuration.train(), score);
    ScoreSpec before = configuration.score();
    boolean alike = before.kind() == score.kind() && before.samples() == score.samples();
    return new TrainedVae(
        changed, features, parameters, calibration, provenance, alike ? id : null);
  }

  /** The network, for forward passes; the caller closes it. */
  public VaeNetwork network() {
    return Variants.trained(configuration.model(), features.shape(), parameters);
  }

  /** The network, for scoring in batches of the model's size; the caller closes it. */
  public VaeEngine engine() {
    return Variants.scoringEngine(
        configuration.model(), features.shape(), parameters, configuration.score());
  }

  /** What turns a table's rows into this model's input. */
  public RowEncoder encoder() {
    return new RowEncoder(features, configuration.model().likelihood());
  }

  public Configuration configuration() {
    return configuration;
  }

  public FeaturePlan features() {
    return features;
  }

  /**
   * Refuses a model with a condition.
   *
   * @param use what can't give it one
   * @throws InvalidInputException when the model has one
   */
  public void requireNoCondition(String use) {
    if (features.condition().width() > 0) {
      throw new InvalidInputException(
          "%s: the model is given %s, and %s gives it nothing; use score, embed, reconstruct or generate"
              .formatted(use, features.condition().names(), use));
    }
  }

  /** The weights in DL4J's flattened order; not to be written to. */
  float[] parameters() {
    return parameters;
  }

  /** How many weights. */
  public int parameterCount() {
    return parameters.length;
  }

  public Optional<Calibration> calibration() {
    return Optional.ofNullable(calibration);
  }

  /**
   * The calibration of a model that must have one.
   *
   * @throws InvalidInputException when its training rows have not been scored
   */
  public Calibration requireCalibration() {
    return calibration().orElseThrow(() -> new InvalidInputException("the model isn't calibrated"));
  }

  public Provenance provenance() {
    return provenance;
  }

  /** The types by which its columns are read from text; nothing of a model that has kept none. */
  public RecordedTypes recordedTypes() {
    return RecordedTypes.of(features, provenance.columns());
  }
}
