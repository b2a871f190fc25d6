package io.latentlake.ml;

import io.latentlake.data.ColumnPlan;
import io.latentlake.data.FileSystems;
import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.score.ScoredTable;
import io.latentlake.score.SharedModel;
import io.latentlake.train.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A trained model as a stage: gives a table's rows their scores, a batch at a time, when Spark runs
 * what is made of the table.
 *
 * <p>The model is broadcast when the first table is transformed, and its copies on the executors go
 * when this object, its copies and the tables are garbage; {@link #unpersist()} frees them before.
 * Saved, it is a folder with Spark's metadata and, under {@value #FOLDER}, a model folder as the
 * command line writes and reads it.
 */
public final class LatentLakeModel extends Model<LatentLakeModel>
    implements LatentLakeParams, MLWritable {
  private static final long serialVersionUID = 1L;

  /** Where the model itself is in what is saved. */
  private static final String FOLDER = "model";

  // First of all: params ask their owner for it as they are made (SPARK-15605).
  private final String uid;
  private final DeclaredParams declared;
  private final SharedModel shared;
  private final transient LatentLakeSummary summary;

  /**
   * A model.
   *
   * @param summary of its training; null where that left no history
   */
  LatentLakeModel(String uid, SharedModel shared, LatentLakeSummary summary) {
    this.uid = uid;
    this.declared = new DeclaredParams(this);
    this.shared = shared;
    this.summary = summary;
  }

  /**
   * A model that the command line trained, reading the columns that it was trained on.
   *
   * @param folder its folder, on any file system that Hadoop knows
   * @throws io.latentlake.spec.InvalidInputException when there is none, or it is damaged
   */
  public static LatentLakeModel fromFolder(SparkSession spark, String folder) {
    var model = read(Identifiable$.MODULE$.randomUID("latentlake"), spark, new Path(folder));
    TrainedVae trained = model.trained();
    String[] columns = trained.features().names().toArray(String[]::new);
    boolean planned = trained.features().columns().stream().anyMatch(ColumnPlan::gaps);
    model.set(planned ? model.inputCols() : model.featuresCols(), columns);
    return model;
  }

  /** A model with the history that its folder has, if any; its params are the defaults. */
  private static LatentLakeModel read(String uid, SparkSession spark, Path folder) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    TrainedVae trained = ModelFolder.read(folder.toString(), hadoop);
    try {
      Optional<History> history = History.read(FileSystems.of(folder, hadoop), folder);
      return new LatentLakeModel(
          uid,
          new SharedModel(trained),
          history.map(told -> LatentLakeSummary.of(told, trained.provenance())).orElse(null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what {@code save} wrote. */
  public static MLReader<LatentLakeModel> read() {
    return new Reader();
  }

  /** Loads what {@code save} wrote. */
  public static LatentLakeModel load(String path) {
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
  public LatentLakeModel copy(ParamMap extra) {
    var copy = new LatentLakeModel(uid, shared, summary);
    copyValues(copy, extra);
    copy.setParent(parent());
    return copy;
  }

  /** The model itself: its configuration, feature plan, calibration and provenance. */
  public TrainedVae trained() {
    return shared.model();
  }

  /** Whether there is a summary; a model from a folder without {@code history.json} has none. */
  public boolean hasSummary() {
    return summary != null;
  }

  /** How training went. */
  public LatentLakeSummary summary() {
    return Optional.ofNullable(summary)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    uid + ": no summary, because its folder has no history.json"));
  }

  /** Frees the copies on the executors; a table that runs later brings them there again. */
  public void unpersist() {
    shared.unpersist();
  }

  /**
   * Checks a table's columns, and says what transforming gives.
   *
   * @throws io.latentlake.spec.InvalidInputException when a column is missing or of another type
   *     than in training, an output column clashes with another, or several params name columns
   */
  @Override
  public StructType transformSchema(StructType schema) {
    reading().features().validate(schema, uid);
    ScoredTable.requireSegments(schema, trained());
    return declared.added().schema(schema);
  }

  /** Gives a table its scores, lazily. */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    return declared.added().to(dataset.toDF(), shared, reading().encoder());
  }

  /** The model under the names that its features have in the tables; a plan has its own. */
  private TrainedVae reading() {
    List<String> named = declared.features().named();
    return declared.isPlanned() ? trained() : trained().readingColumns(named);
  }

  @Override
  public String explainParam(Param<?> param) {
    return declared.explained(param, super.explainParam(param));
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  @Override
  public String toString() {
    return "LatentLakeModel: uid=%s, variant=%s, features=%d, latent=%d"
        .formatted(
            uid,
            trained().configuration().model().variant(),
            trained().features().shape().features(),
            trained().configuration().model().latent());
  }

  private static final class Writer extends MLWriter {
    private final LatentLakeModel model;

    Writer(LatentLakeModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter.saveMetadata(model, path, sc(), Option.empty(), Option.empty());
      var folder = new Path(path, FOLDER);
      try {
        FileSystem files = FileSystems.of(folder, sparkSession().sessionState().newHadoopConf());
        files.mkdirs(folder);
        ModelFolder.write(model.trained(), files, folder);
        if (model.hasSummary()) {
          model.summary.history().write(files, folder);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Reader extends MLReader<LatentLakeModel> {
    @Override
    public LatentLakeModel load(String path) {
      var metadata = DefaultParamsReader.loadMetadata(path, sc(), LatentLakeModel.class.getName());
      var model = LatentLakeModel.read(metadata.uid(), sparkSession(), new Path(path, FOLDER));
      metadata.getAndSetParams(model, Option.empty());
      return model;
    }
  }

  public LatentLakeModel setFeaturesCol(String value) {
    set(declared.featuresCol, value);
    return this;
  }

  public LatentLakeModel setFeaturesCols(String[] value) {
    set(declared.featuresCols, value);
    return this;
  }

  public LatentLakeModel setHandleInvalid(String value) {
    set(declared.handleInvalid, value);
    return this;
  }

  public LatentLakeModel setReconstructionErrorCol(String value) {
    set(declared.reconstructionErrorCol, value);
    return this;
  }

  public LatentLakeModel setSquaredErrorCol(String value) {
    set(declared.squaredErrorCol, value);
    return this;
  }

  public LatentLakeModel setKlCol(String value) {
    set(declared.klCol, value);
    return this;
  }

  public LatentLakeModel setElboCol(String value) {
    set(declared.elboCol, value);
    return this;
  }

  public LatentLakeModel setAnomalyScoreCol(String value) {
    set(declared.anomalyScoreCol, value);
    return this;
  }

  public LatentLakeModel setRawScoreCol(String value) {
    set(declared.rawScoreCol, value);
    return this;
  }

  public LatentLakeModel setIsAnomalyCol(String value) {
    set(declared.isAnomalyCol, value);
    return this;
  }

  public LatentLakeModel setLatentCol(String value) {
    set(declared.latentCol, value);
    return this;
  }

  public LatentLakeModel setReasons(int value) {
    set(declared.reasons, value);
    return this;
  }

  public LatentLakeModel setReasonsCol(String value) {
    set(declared.reasonsCol, value);
    return this;
  }

  public LatentLakeModel setModelIdCol(String value) {
    set(declared.modelIdCol, value);
    return this;
  }

  public LatentLakeModel setScoredAtCol(String value) {
    set(declared.scoredAtCol, value);
    return this;
  }
}
