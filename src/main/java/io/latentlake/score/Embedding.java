package io.latentlake.score;

import io.latentlake.data.TableOutput;
import io.latentlake.model.TrainedVae;
import io.latentlake.nn.RowScores;
import java.io.IOException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Gives a table's rows their latent μ(x), and nothing else. */
public final class Embedding {
  private final TableJob job;

  public Embedding(SparkSession spark, TrainedVae model) {
    this.job = new TableJob(spark, model, model.encoder(), new Recipe());
  }

  /**
   * Embeds into a staged folder and commits it.
   *
   * @throws io.latentlake.spec.InvalidInputException when the table can't be used, as in scoring
   */
  public TableJob.Result run(TableJob.Request request, TableOutput output) throws IOException {
    TableJob.Result result = job.run(request, output);
    output.commit();
    return result;
  }

  private record Recipe() implements BatchWork.Recipe {
    @Override
    public StructType columns() {
      return new StructType()
          .add(ScoreColumns.LATENT, DataTypes.createArrayType(DataTypes.FloatType, false), false);
    }

    @Override
    public BatchWork open(TrainedVae model) {
      return new Work(new BatchScorer(model, Measure.NONE));
    }
  }

  private static final class Work implements BatchWork {
    private final BatchScorer scorer;
    private RowScores scores;

    Work(BatchScorer scorer) {
      this.scorer = scorer;
    }

    @Override
    public int capacity() {
      return scorer.capacity();
    }

    @Override
    public float[] staging() {
      return scorer.staging();
    }

    @Override
    public void run(int rows) {
      scores = scorer.score(rows);
    }

    @Override
    public void write(int row, InternalRow added) {
      added.update(0, UnsafeArrayData.fromPrimitiveArray(scores.latentOf(row)));
    }

    @Override
    public void close() {
      scorer.close();
    }
  }
}
