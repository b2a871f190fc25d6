package io.latentlake.score;

import io.latentlake.data.FeatureColumn;
import io.latentlake.data.FeatureColumns;
import io.latentlake.data.FeaturePlan;
import io.latentlake.data.RowEncoder;
import io.latentlake.data.StagedFolder;
import io.latentlake.model.TrainedVae;
import io.latentlake.spec.LikelihoodSpec;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Makes rows, E[x | z, c], of a table of latents: the features' columns take the latent's place.
 */
public final class Decoding {
  private final TableJob job;

  /**
   * A decoding of tables that have a column {@value ScoreColumns#LATENT}, {@code array<float>}.
   *
   * @param condition of every row; empty for a model that takes none
   */
  public Decoding(SparkSession spark, TrainedVae model, float[] condition) {
    int latent = model.configuration().model().latent();
    var latents =
        new FeaturePlan(
            List.of(new FeatureColumn(ScoreColumns.LATENT, FeatureColumn.Kind.ARRAY, latent)));
    // Any number may be a latent.
    var real = new LikelihoodSpec(LikelihoodSpec.Family.GAUSSIAN, 1);
    var recipe = new Recipe(model.features(), condition);
    this.job = new TableJob(spark, model, new RowEncoder(latents, real), recipe);
  }

  /**
   * Decodes into a folder, which its caller commits.
   *
   * @throws io.latentlake.spec.InvalidInputException when the table can't be used
   */
  public TableJob.Result run(TableJob.Request request, StagedFolder output) {
    return job.run(request, output);
  }

  private record Recipe(FeaturePlan plan, float[] condition) implements BatchWork.Recipe {
    @Override
    public StructType columns() {
      return RowArrays.SCHEMA;
    }

    @Override
    public BatchWork open(TrainedVae model) {
      return new Work(model, condition);
    }

    @Override
    public Dataset<Row> finish(Dataset<Row> table) {
      return FeatureColumns.unfold(table, plan, RowArrays.COLUMN, UnaryOperator.identity());
    }
  }

  private static final class Work implements BatchWork {
    private final Generator generator;
    private final float[] condition;
    private final int latent;
    private final float[] staging;
    private float[][] decoded;

    Work(TrainedVae model, float[] condition) {
      this.condition = condition;
      this.generator = new Generator(model);
      this.latent = model.configuration().model().latent();
      this.staging = new float[model.configuration().score().batchSize() * latent];
    }

    @Override
    public int capacity() {
      return staging.length / latent;
    }

    @Override
    public float[] staging() {
      return staging;
    }

    @Override
    public void run(int rows) {
      decoded = generator.decode(RowArrays.split(staging, latent), condition);
    }

    @Override
    public void write(int row, InternalRow added) {
      RowArrays.write(decoded[row], 0, decoded[row].length, added);
    }

    @Override
    public void close() {
      generator.close();
    }
  }
}
