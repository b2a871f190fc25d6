package io.latentlake.score;

import io.latentlake.data.TableOutput;
import io.latentlake.model.TrainedVae;
import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** Scores a table into an output, which appears when all of it is there. */
public final class ScoringJob {
  private final TableJob job;

  public ScoringJob(SparkSession spark, TrainedVae model) {
    this.job = new TableJob(spark, model, model.encoder(), new Scoring.Recipe());
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
}
