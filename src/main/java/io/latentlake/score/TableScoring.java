package io.latentlake.score;

import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Gives a table's rows their scores, the reasons for them, and where they come from. */
final class TableScoring extends FurtherWork {
  private final int origin;
  private final UTF8String modelId;
  private final long scoredAt;

  private TableScoring(TrainedVae model, Recipe recipe) {
    super(recipe.scoring.open(model));
    this.origin = recipe.scoring.columns().size();
    this.modelId = UTF8String.fromString(recipe.modelId);
    this.scoredAt = recipe.scoredAt;
  }

  /**
   * How executors come by it.
   *
   * @param scoring with or without reasons
   * @param modelId for {@link ScoreColumns#MODEL_ID}
   * @param scoredAt for {@link ScoreColumns#SCORED_AT}, microseconds since 1970
   */
  record Recipe(BatchWork.Recipe scoring, String modelId, long scoredAt)
      implements BatchWork.Recipe {
    /**
     * For a run that begins now.
     *
     * @param reasons how many a row gets; 0 for none, and no column
     */
    static Recipe now(TrainedVae model, int reasons) {
      return new Recipe(
          ExplainedScoring.recipe(reasons),
          ModelFolder.id(model),
          ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    }

    @Override
    public StructType columns() {
      return ScoreColumns.withOrigin(scoring.columns());
    }

    @Override
    public BatchWork open(TrainedVae model) {
      return new TableScoring(model, this);
    }
  }

  @Override
  public void write(int row, InputRow input, InternalRow added) {
    super.write(row, input, added);
    added.update(origin, modelId);
    added.setLong(origin + 1, scoredAt);
  }
}
