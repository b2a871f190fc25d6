package io.latentlake.ml;

import io.latentlake.data.FeaturePlanner;
import io.latentlake.score.ScoreColumns;
import io.latentlake.spec.InvalidInputException;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Measures a model without labels: the mean ELBO at z = μ(x) of the rows that were scored, in nats;
 * larger is better. It compares models of one likelihood: densities and probabilities of different
 * ones aren't comparable. With labels, use Spark's {@code BinaryClassificationEvaluator} with
 * {@code anomaly_score} as its {@code rawPredictionCol}.
 */
public final class ElboEvaluator extends Evaluator implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  // First of all: params ask their owner for it as they are made (SPARK-15605).
  private final String uid;
  private final Param<String> elboCol;

  public ElboEvaluator() {
    this(Identifiable$.MODULE$.randomUID("elboEvaluator"));
  }

  public ElboEvaluator(String uid) {
    this.uid = uid;
    this.elboCol = new Param<>(this, "elboCol", "column of the ELBO, nats");
    setDefault(elboCol, ScoreColumns.ELBO);
  }

  /** Reads what {@code save} wrote. */
  public static MLReader<ElboEvaluator> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads what {@code save} wrote. */
  public static ElboEvaluator load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    return uid;
  }

  public Param<String> elboCol() {
    return elboCol;
  }

  public String getElboCol() {
    return getOrDefault(elboCol);
  }

  public ElboEvaluator setElboCol(String value) {
    set(elboCol, value);
    return this;
  }

  @Override
  public ElboEvaluator copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /**
   * The mean ELBO, nats.
   *
   * @throws InvalidInputException when no row has one
   */
  @Override
  public double evaluate(Dataset<?> dataset) {
    Dataset<Row> mean = dataset.select(functions.avg(FeaturePlanner.quoted(getElboCol())));
    Row result = mean.first();
    if (result.isNullAt(0)) {
      throw new InvalidInputException(
          "%s: no row has a value in %s; score some first".formatted(uid, getElboCol()));
    }
    return result.getDouble(0);
  }
}
