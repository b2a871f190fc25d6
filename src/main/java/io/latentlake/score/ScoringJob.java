package io.latentlake.score;

import io.latentlake.data.TableOutput;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.InvalidInputException;
import java.io.IOException;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;

/** Scores a table into an output, which appears when all of it is there. */
public final class ScoringJob {
  private final TableJob job;

  /** A job that gives as many reasons as suit the model's columns. */
  public ScoringJob(SparkSession spark, TrainedVae model) {
    this(spark, model, Reasons.suitable(model.features()));
  }

  /**
   * A job.
   *
   * @param reasons how many a row gets; 0 for none
   * @throws InvalidInputException when they are fewer than none
   */
  public ScoringJob(SparkSession spark, TrainedVae model, int reasons) {
    if (reasons < 0) {
      throw new InvalidInputException("--reasons %d: must be at least 0".formatted(reasons));
    }
    BatchWork.Recipe recipe =
        SegmentedScoring.recipe(model, TableScoring.Recipe.now(model, reasons));
    this.job = new TableJob(spark, model, model.encoder(), recipe);
  }

  /**
   * Scores into an output and commits it.
   *
   * @throws io.latentlake.spec.InvalidInputException when the table doesn't fit the model, is
   *     empty, or has a bad row that {@link OnBadRow#FAIL} doesn't allow
   */
  public TableJob.Result run(TableJob.Request request, TableOutput output) throws IOException {
    TableJob.Result result = job.run(request, output);
    output.commit();
    return result;
  }

  /**
   * Rows of a segment that the model has no threshold for, which were flagged by its own; empty of
   * a model with one threshold for all rows.
   */
  public static OptionalLong rowsOfUnknownSegments(TableJob.Result result) {
    double[] sums = result.counts().sums();
    return sums.length == 0 ? OptionalLong.empty() : OptionalLong.of((long) sums[0]);
  }

  /** Checks what {@link #run} checks before it starts. */
  void requireFit(TableJob.Request request) {
    job.requireFit(request);
  }

  /** The same as {@link #run} for a part of a table: it may be empty, or have bad rows only. */
  TableJob.Result runPart(TableJob.Request request, TableOutput output) throws IOException {
    TableJob.Result result = job.write(request, output);
    output.commit();
    return result;
  }
}
