package io.latentlake.ml;

import io.latentlake.data.FeaturePlan;
import io.latentlake.data.RejectReason;
import io.latentlake.data.TablePlanner;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.Calibrator;
import io.latentlake.score.HandleInvalid;
import io.latentlake.score.SharedModel;
import io.latentlake.spec.Configuration;
import io.latentlake.spec.InvalidInputException;
import io.latentlake.spec.TrainSpec;
import io.latentlake.train.Trainer;
import io.latentlake.train.Trainer.NamedTable;
import io.latentlake.train.TrainingProgress;
import io.latentlake.variant.Variants;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a variational autoencoder on a table without labels; the {@link LatentLakeModel} gives
 * rows their anomaly score and latent.
 *
 * <p>{@code fit} reads the table three times (a look at its first rows, or at all of {@code
 * inputCols}, training, calibration): cache one that is expensive to compute. It needs Spark's
 * default serializer, {@code JavaSerializer}.
 */
public final class LatentLake extends Estimator<LatentLakeModel>
    implements LatentLakeParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  // First of all: params ask their owner for it as they are made (SPARK-15605).
  private final String uid;
  private final DeclaredParams declared;

  public LatentLake() {
    this(Identifiable$.MODULE$.randomUID("latentlake"));
  }

  public LatentLake(String uid) {
    this.uid = uid;
    this.declared = new DeclaredParams(this);
  }

  /** Reads what {@code save} wrote. */
  public static MLReader<LatentLake> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads what {@code save} wrote. */
  public static LatentLake load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public DeclaredParams declared() {
    return declared;
  }

  @Override
  public LatentLake copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /**
   * Checks params and columns, and says what transforming gives.
   *
   * @throws InvalidInputException when a setting is out of its range, a column is missing or of a
   *     type that gives no features, or an output column clashes with another
   */
  @Override
  public StructType transformSchema(StructType schema) {
    Configuration configuration = declared.configuration();
    List<String> condition = declared.condition();
    Variants.requireCondition(configuration.model(), !condition.isEmpty());
    declared.features().requireUsable(schema, condition, uid);
    return declared.added().schema(schema);
  }

  @Override
  public String explainParam(Param<?> param) {
    return declared.explained(param, super.explainParam(param));
  }

  /**
   * Trains and calibrates a model.
   *
   * @throws InvalidInputException when {@code transformSchema} does, no row can be used, {@code
   *     handleInvalid} is error and some row can't, or training diverges
   */
  @Override
  public LatentLakeModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> table = dataset.toDF();
    SparkSession spark = dataset.sparkSession();
    Configuration configuration = declared.configuration();
    FeaturePlan plan =
        TablePlanner.plan(table, declared.features(), declared.condition(), uid).features();
    Calibrator.requireMeasurable(TrainedVae.untrained(configuration, plan));
    Trainer.Result result =
        new Trainer(spark, new RefusingInvalid(declared.added().handleInvalid()))
            .train(configuration, plan, new NamedTable(uid, table), Optional.empty());
    TrainedVae trained =
        Calibrator.calibrate(
            JavaSparkContext.fromSparkContext(spark.sparkContext()), result.model(), table);
    var summary = LatentLakeSummary.of(result.history(), trained.provenance());
    var model = new LatentLakeModel(uid, new SharedModel(trained), summary);
    copyValues(model, ParamMap.empty());
    model.setParent(this);
    return model;
  }

  /** Stops before the first epoch where there are bad rows and there may be none. */
  private record RefusingInvalid(HandleInvalid handleInvalid) implements TrainingProgress {
    @Override
    public void started(
        long rows, Map<RejectReason, Long> rejected, TrainSpec requested, TrainSpec resolved) {
      if (handleInvalid == HandleInvalid.ERROR && !rejected.isEmpty()) {
        throw new InvalidInputException(
            "rows that can't be trained on: %s, beside %,d that can, and handleInvalid is error; use skip or keep"
                .formatted(rejected, rows));
      }
    }
  }

  public LatentLake setFeaturesCol(String value) {
    set(declared.featuresCol, value);
    return this;
  }

  public LatentLake setFeaturesCols(String[] value) {
    set(declared.featuresCols, value);
    return this;
  }

  /** A table's own columns: numbers, text, booleans and times, with missing values. */
  public LatentLake setInputCols(String[] value) {
    set(declared.inputCols, value);
    return this;
  }

  /** What {@link #setInputCols} become: {@code auto}, or the kinds of some in HOCON. */
  public LatentLake setFeaturePlan(String value) {
    set(declared.featurePlan, value);
    return this;
  }

  public LatentLake setConditionCols(String[] value) {
    set(declared.conditionCols, value);
    return this;
  }

  public LatentLake setHandleInvalid(String value) {
    set(declared.handleInvalid, value);
    return this;
  }

  public LatentLake setConfig(String value) {
    set(declared.config, value);
    return this;
  }

  public LatentLake setVariant(String value) {
    set(declared.variant, value);
    return this;
  }

  public LatentLake setEncoder(int[] value) {
    set(declared.encoder, value);
    return this;
  }

  public LatentLake setLatent(int value) {
    set(declared.latent, value);
    return this;
  }

  public LatentLake setDecoder(int[] value) {
    set(declared.decoder, value);
    return this;
  }

  public LatentLake setLikelihood(String value) {
    set(declared.likelihood, value);
    return this;
  }

  public LatentLake setBeta(double value) {
    set(declared.beta, value);
    return this;
  }

  public LatentLake setEpochs(int value) {
    set(declared.epochs, value);
    return this;
  }

  public LatentLake setBatchSize(int value) {
    set(declared.batchSize, value);
    return this;
  }

  public LatentLake setLearningRate(double value) {
    set(declared.learningRate, value);
    return this;
  }

  public LatentLake setWorkers(int value) {
    set(declared.workers, value);
    return this;
  }

  public LatentLake setSeed(long value) {
    set(declared.seed, value);
    return this;
  }

  public LatentLake setContamination(double value) {
    set(declared.contamination, value);
    return this;
  }

  public LatentLake setReconstructionErrorCol(String value) {
    set(declared.reconstructionErrorCol, value);
    return this;
  }

  public LatentLake setSquaredErrorCol(String value) {
    set(declared.squaredErrorCol, value);
    return this;
  }

  public LatentLake setKlCol(String value) {
    set(declared.klCol, value);
    return this;
  }

  public LatentLake setElboCol(String value) {
    set(declared.elboCol, value);
    return this;
  }

  public LatentLake setAnomalyScoreCol(String value) {
    set(declared.anomalyScoreCol, value);
    return this;
  }

  public LatentLake setRawScoreCol(String value) {
    set(declared.rawScoreCol, value);
    return this;
  }

  public LatentLake setScoreKind(String value) {
    set(declared.scoreKind, value);
    return this;
  }

  public LatentLake setIsAnomalyCol(String value) {
    set(declared.isAnomalyCol, value);
    return this;
  }

  public LatentLake setLatentCol(String value) {
    set(declared.latentCol, value);
    return this;
  }

  public LatentLake setReasons(int value) {
    set(declared.reasons, value);
    return this;
  }

  public LatentLake setReasonsCol(String value) {
    set(declared.reasonsCol, value);
    return this;
  }

  public LatentLake setModelIdCol(String value) {
    set(declared.modelIdCol, value);
    return this;
  }

  public LatentLake setScoredAtCol(String value) {
    set(declared.scoredAtCol, value);
    return this;
  }
}
