package io.latentlake.data;

import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** A Delta or Iceberg table that batches are appended to, each a commit that bears its number. */
public record LakeBatches(SparkSession spark, String target, Format format, String checkpoint)
    implements BatchOutputs {

  /**
   * The batches of a checkpoint.
   *
   * @param target a table's name or path
   * @param checkpoint its id
   * @throws io.latentlake.spec.InvalidInputException when the format's library isn't there
   */
  public LakeBatches {
    format.requireInstalled();
  }

  /** The first batch makes the table. */
  @Override
  public void prepare() {}

  @Override
  public TableOutput of(long batch) {
    return new LakeOutput(
        spark, target, format, false, Optional.of(new BatchMark(checkpoint, batch)));
  }

  @Override
  public String rejected(String output) {
    return output + LakeOutput.REJECTED;
  }
}
