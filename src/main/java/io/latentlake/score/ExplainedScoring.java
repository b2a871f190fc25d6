package io.latentlake.score;

import io.latentlake.model.TrainedVae;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** Gives rows their {@link ScoreColumns}, and the reasons for them behind. */
final class ExplainedScoring extends FurtherWork {
  private final Scoring scoring;
  private final Reasons reasons;

  private ExplainedScoring(Reasons reasons, Scoring scoring) {
    super(scoring);
    this.reasons = reasons;
    this.scoring = scoring;
  }

  /**
   * How executors come by scores with as many reasons.
   *
   * @param most how many a row gets; 0 for none, and no column
   */
  static BatchWork.Recipe recipe(int most) {
    return most == 0 ? new Scoring.Recipe() : new Recipe(most);
  }

  private record Recipe(int most) implements BatchWork.Recipe {
    @Override
    public StructType columns() {
      return ScoreColumns.EXPLAINED;
    }

    @Override
    public BatchWork open(TrainedVae model) {
      var reasons = new Reasons(model.features(), most);
      return new ExplainedScoring(reasons, Scoring.explained(model));
    }
  }

  @Override
  public void write(int row, InputRow input, InternalRow added) {
    super.write(row, input, added);
    added.update(ScoreColumns.SCHEMA.size(), reasons.of(scoring.scores(), row, input));
  }

  /** For the values seen, which the features don't tell to the last digit. */
  @Override
  public boolean readsRows() {
    return true;
  }
}
