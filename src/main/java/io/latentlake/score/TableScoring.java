package io.latentlake.score;

import io.latentlake.model.ModelFolder;
import io.latentlake.model.TrainedVae;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Gives a table's rows their scores, the reasons for them, and where they come from. */
final class TableScoring implements BatchWork {
  private final Scoring scoring;
  private final Optional<Reasons> reasons;
  private final int width;
  private final UTF8String modelId;
  private final long scoredAt;

  private TableScoring(TrainedVae model, Recipe recipe) {
    this.reasons =
        recipe.reasons == 0
            ? Optional.empty()
            : Optional.of(new Reasons(model.features(), recipe.reasons));
    this.scoring =
        reasons.isPresent() ? Scoring.explained(model) : new Scoring.Recipe().open(model);
    this.width = model.features().width();
    this.modelId = UTF8String.fromString(recipe.modelId);
    this.scoredAt = recipe.scoredAt;
  }

  /**
   * How executors come by it.
   *
   * @param reasons how many a row gets; 0 for none, and no column
   * @param modelId for {@link ScoreColumns#MODEL_ID}
   * @param scoredAt for {@link ScoreColumns#SCORED_AT}, microseconds since 1970
   */
  record Recipe(int reasons, String modelId, long scoredAt) implements BatchWork.Recipe {
    /** For a run that begins now. */
    static Recipe now(TrainedVae model, int reasons) {
      return new Recipe(
          reasons, ModelFolder.id(model), ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    }

    @Override
    public StructType columns() {
      return ScoreColumns.of(reasons > 0);
    }

    @Override
    public BatchWork open(TrainedVae model) {
      return new TableScoring(model, this);
    }
  }

  @Override
  public int capacity() {
    return scoring.capacity();
  }

  @Override
  public float[] staging() {
    return scoring.staging();
  }

  @Override
  public void run(int rows) {
    scoring.run(rows);
  }

  @Override
  public void write(int row, InternalRow added) {
    scoring.write(row, added);
    int at = ScoreColumns.SCHEMA.size();
    if (reasons.isPresent()) {
      added.update(at++, reasons.get().of(scoring.scores(), staging(), width, row));
    }
    added.update(at++, modelId);
    added.setLong(at, scoredAt);
  }

  @Override
  public void close() {
    scoring.close();
  }
}
